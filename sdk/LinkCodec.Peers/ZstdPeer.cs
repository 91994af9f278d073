using System.Runtime.InteropServices;

namespace LinkCodec.Peers;

/// <summary>
/// Zstandard at level 19, on its own or with a dictionary that both ends hold. Its frames go without magic number, content size,
/// checksum and dictionary id: what a link's framing would say anyway.
/// </summary>
internal sealed class ZstdPeer : IPeerCodec
{
    private readonly ZstdCompressor _compressor = new();
    private readonly ZstdDecompressor _decompressor = new();

    /// <param name="dictionary">A dictionary of <see cref="ZstdDictionary"/>; empty for none.</param>
    public ZstdPeer(ReadOnlySpan<byte> dictionary = default)
    {
        Name = dictionary.IsEmpty ? "zstd 19" : "zstd 19 with dictionary";
        NativeZstd.Check(NativeZstd.Set(_compressor, NativeZstd.CompressionLevel, 19));
        NativeZstd.Check(NativeZstd.Set(_compressor, NativeZstd.ContentSizeFlag, 0));
        NativeZstd.Check(NativeZstd.Set(_compressor, NativeZstd.ChecksumFlag, 0));
        NativeZstd.Check(NativeZstd.Set(_compressor, NativeZstd.DictionaryIdFlag, 0));
        NativeZstd.Check(NativeZstd.Set(_compressor, NativeZstd.CompressionFormat, NativeZstd.Magicless));
        NativeZstd.Check(NativeZstd.Set(_decompressor, NativeZstd.DecompressionFormat, NativeZstd.Magicless));
        if (!dictionary.IsEmpty)
        {
            ref byte first = ref MemoryMarshal.GetReference(dictionary);
            NativeZstd.Check(NativeZstd.LoadDictionary(_compressor, ref first, (nuint)dictionary.Length));
            NativeZstd.Check(NativeZstd.LoadDictionary(_decompressor, ref first, (nuint)dictionary.Length));
        }
    }

    public string Name { get; }

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message)
    {
        byte[] coded = new byte[(int)NativeZstd.CompressBound((nuint)message.Length)];
        int length = NativeZstd.Check(NativeZstd.Compress(_compressor, ref MemoryMarshal.GetArrayDataReference(coded), (nuint)coded.Length,
            ref MemoryMarshal.GetReference(message), (nuint)message.Length));
        return coded[..length];
    }

    public byte[] Decompress(ReadOnlySpan<byte> coded, int length)
    {
        byte[] message = new byte[length];
        int written = NativeZstd.Check(NativeZstd.Decompress(_decompressor, ref MemoryMarshal.GetArrayDataReference(message), (nuint)length,
            ref MemoryMarshal.GetReference(coded), (nuint)coded.Length));
        return written == length ? message : throw new PeerException("zstd: not a message of this length");
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }
}
