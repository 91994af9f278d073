namespace LinkCodec.Conformance.Tests.Architecture;

/// <summary>The SDK's assemblies, as built beside these tests.</summary>
internal static class Assemblies
{
    public static readonly string[] Sdk = ["LinkCodec.Core", "LinkCodec.Models", "LinkCodec.ModelBuilder",
        "LinkCodec.Transport", "LinkCodec"];

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");
}
