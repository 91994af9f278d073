using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LinkCodec.Baselines;

/// <summary>
/// Zstandard at level 19, on its own or with a dictionary that both ends hold. Its frames go without magic number,
/// content size, checksum and dictionary id: what a link's framing would say anyway.
/// </summary>
internal sealed class ZstdBaseline : IBaselineCodec
{
    // These two parameters stand for the frame's format, which has no name of its own in the library.
    private const ZSTD_cParameter CompressionFormat = ZSTD_cParameter.ZSTD_c_experimentalParam2;
    private const ZSTD_dParameter DecompressionFormat = ZSTD_dParameter.ZSTD_d_experimentalParam1;

    private readonly Compressor _compressor = new(19);
    private readonly Decompressor _decompressor = new();

    /// <param name="dictionary">A dictionary of <see cref="ZstdDictionary"/>; empty for none.</param>
    public ZstdBaseline(ReadOnlySpan<byte> dictionary = default)
    {
        Name = dictionary.IsEmpty ? "zstd 19" : BaselineCatalog.ZstdWithDictionary;
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        _compressor.SetParameter(CompressionFormat, (int)ZSTD_format_e.ZSTD_f_zstd1_magicless);
        _decompressor.SetParameter(DecompressionFormat, (int)ZSTD_format_e.ZSTD_f_zstd1_magicless);
        if (!dictionary.IsEmpty)
        {
            _compressor.LoadDictionary(dictionary);
            _decompressor.LoadDictionary(dictionary);
        }
    }

    public string Name { get; }

    public bool WholeFilesOnly => false;

    public byte[] Compress(ReadOnlySpan<byte> message) => _compressor.Wrap(message).ToArray();

    public byte[] DecompressUpTo(ReadOnlySpan<byte> coded, int maxLength)
    {
        byte[] message = new byte[maxLength];
        try
        {
            return message[.._decompressor.Unwrap(coded, message)];
        }
        catch (ZstdException e)
        {
            throw new BaselineException("zstd: " + e.Message);
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }
}
