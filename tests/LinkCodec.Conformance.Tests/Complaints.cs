using Xunit;

namespace LinkCodec.Conformance.Tests;

/// <summary>Asserts that nothing breaks a rule, and prints everything that does.</summary>
internal static class Complaints
{
    public static void None(IEnumerable<string> complaints)
    {
        string[] all = [.. complaints.Distinct()];
        Assert.True(all.Length == 0, $"{all.Length} found:\n{string.Join('\n', all)}");
    }
}
