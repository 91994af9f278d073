namespace LinkCodec.Baselines;

/// <summary>No compression at all.</summary>
internal sealed class RawBaseline : IBaselineCodec
{
    public string Name => "raw";

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message) => message.ToArray();

    public byte[] Decompress(ReadOnlySpan<byte> coded, int length) =>
        coded.Length == length ? coded.ToArray() : throw new BaselineException("raw: the length differs");

    public void Dispose()
    {
    }
}
