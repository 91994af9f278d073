using System.Reflection;

namespace LinkCodec.Fuzz;

/// <summary>
/// Feeds bytes to a parser. Returns for every input, whatever it holds; anything thrown is a finding.
/// </summary>
public delegate void FuzzAction(ReadOnlySpan<byte> input);

/// <summary>
/// A parser under test: a static class in LinkCodec.Fuzz.Targets with <c>static void Run(ReadOnlySpan&lt;byte&gt;)</c>.
/// </summary>
public sealed record FuzzTarget(string Name, FuzzAction Run)
{
    private const string Namespace = "LinkCodec.Fuzz.Targets";

    /// <summary>Every target, by name.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. typeof(FuzzTarget).Assembly.GetTypes()
        .Where(type => type.Namespace == Namespace && !type.IsNested)
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(From)];

    private static FuzzTarget From(Type type)
    {
        MethodInfo run = type.GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic,
            [typeof(ReadOnlySpan<byte>)])
            ?? throw new InvalidOperationException($"{type.Name} has no static void Run(ReadOnlySpan<byte>)");
        return new FuzzTarget(type.Name, run.CreateDelegate<FuzzAction>());
    }
}
