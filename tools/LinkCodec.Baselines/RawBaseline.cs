namespace LinkCodec.Baselines;

/// <summary>No compression at all.</summary>
internal sealed class RawBaseline : IBaselineCodec
{
    public string Name => "raw";

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message) => message.ToArray();

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength) =>
        coded.Length <= maxLength ? coded.ToArray() : throw new BaselineException("raw: the message is longer");

    public void Dispose()
    {
    }
}
