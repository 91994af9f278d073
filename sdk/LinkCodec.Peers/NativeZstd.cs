using System.Runtime.InteropServices;

namespace LinkCodec.Peers;

/// <summary>The parts of libzstd 1.4 or newer that the comparison needs. Sizes are size_t.</summary>
internal static class NativeZstd
{
    public const int CompressionLevel = 100;
    public const int ContentSizeFlag = 200;
    public const int ChecksumFlag = 201;
    public const int DictionaryIdFlag = 202;

    /// <summary>ZSTD_c_format and ZSTD_d_format; the value 1 leaves out the frame's magic number.</summary>
    public const int CompressionFormat = 10;
    public const int DecompressionFormat = 1000;
    public const int Magicless = 1;

    private const string Library = "libzstd.so.1";

    /// <summary>Why libzstd cannot be used on this machine; null where it can.</summary>
    public static string? Unavailable { get; } = NativeLibrary.TryLoad(Library, out _)
        ? null
        : $"{Library} is not installed (Debian: apt-get install libzstd1)";

    [DllImport(Library, EntryPoint = "ZSTD_createCCtx")]
    public static extern nint CreateCompressor();

    [DllImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static extern nuint FreeCompressor(nint context);

    [DllImport(Library, EntryPoint = "ZSTD_createDCtx")]
    public static extern nint CreateDecompressor();

    [DllImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    public static extern nuint FreeDecompressor(nint context);

    [DllImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static extern nuint Set(ZstdCompressor context, int parameter, int value);

    [DllImport(Library, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static extern nuint Set(ZstdDecompressor context, int parameter, int value);

    [DllImport(Library, EntryPoint = "ZSTD_CCtx_loadDictionary")]
    public static extern nuint LoadDictionary(ZstdCompressor context, ref byte dictionary, nuint length);

    [DllImport(Library, EntryPoint = "ZSTD_DCtx_loadDictionary")]
    public static extern nuint LoadDictionary(ZstdDecompressor context, ref byte dictionary, nuint length);

    [DllImport(Library, EntryPoint = "ZSTD_compress2")]
    public static extern nuint Compress(ZstdCompressor context, ref byte destination, nuint capacity, ref byte source, nuint length);

    [DllImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    public static extern nuint Decompress(ZstdDecompressor context, ref byte destination, nuint capacity, ref byte source, nuint length);

    [DllImport(Library, EntryPoint = "ZSTD_compressBound")]
    public static extern nuint CompressBound(nuint length);

    [DllImport(Library, EntryPoint = "ZDICT_trainFromBuffer")]
    public static extern nuint Train(ref byte dictionary, nuint capacity, ref byte samples, ref nuint lengths, uint count);

    [DllImport(Library, EntryPoint = "ZSTD_isError")]
    public static extern uint IsError(nuint code);

    [DllImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static extern nint ErrorName(nuint code);

    /// <summary>A length, where the library's answer is not an error.</summary>
    public static int Check(nuint answer) => IsError(answer) == 0
        ? (int)answer
        : throw new PeerException("zstd: " + Marshal.PtrToStringUTF8(ErrorName(answer)));
}
