using System.IO.Compression;

namespace LinkCodec.Baselines;

/// <summary>Deflate at its highest level, without the zlib or gzip container.</summary>
internal sealed class DeflateBaseline : IBaselineCodec
{
    public string Name => "deflate 9";

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message)
    {
        using MemoryStream coded = new();
        using (DeflateStream deflate = new(coded, new ZLibCompressionOptions { CompressionLevel = 9 }, leaveOpen: true))
        {
            deflate.Write(message);
        }

        return coded.ToArray();
    }

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        try
        {
            using DeflateStream inflate = new(new MemoryStream(coded.ToArray()), CompressionMode.Decompress);
            byte[] message = new byte[maxLength];
            int length = inflate.ReadAtLeast(message, maxLength, throwOnEndOfStream: false);
            return inflate.ReadByte() < 0
                ? message[..length]
                : throw new BaselineException("deflate: the message is longer");
        }
        catch (InvalidDataException e)
        {
            throw new BaselineException("deflate: " + e.Message);
        }
    }

    public void Dispose()
    {
    }
}
