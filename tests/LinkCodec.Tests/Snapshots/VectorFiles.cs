namespace LinkCodec.Tests.Snapshots;

/// <summary>The vectors of the specification, as text.</summary>
internal static class VectorFiles
{
    public static string Read(string name) => Repository.Read($"protocol-spec/vectors/{name}");
}
