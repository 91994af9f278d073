using System.IO.Compression;

namespace LinkCodec.Baselines;

/// <summary>
/// Brotli at quality 11. Its built-in dictionary of words makes it the strongest common coder on short text.
/// </summary>
/// <param name="windowBits">The window's size as a power of two, 10 to 24; 16 costs the fewest header bits on
/// messages.</param>
internal sealed class BrotliBaseline(int windowBits = 16) : IBaselineCodec
{
    public string Name => "brotli 11";

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message)
    {
        byte[] coded = new byte[BrotliEncoder.GetMaxCompressedLength(message.Length)];
        return BrotliEncoder.TryCompress(message, coded, out int written, quality: 11, windowBits)
            ? coded[..written]
            : throw new BaselineException("brotli: it refused a message");
    }

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        byte[] message = new byte[maxLength];
        return BrotliDecoder.TryDecompress(coded, message, out int written)
            ? message[..written]
            : throw new BaselineException("brotli: no message, or a longer one");
    }

    public void Dispose()
    {
    }
}
