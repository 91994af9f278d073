using LinkCodec.Core.Compression;
using ZstdSharp.Unsafe;

namespace LinkCodec.Models.Zstd;

/// <summary>Blocks as single Zstandard frames without what a link says anyway.</summary>
/// <remarks>Memory: some hundred kilobytes for each direction, none of which depends on a peer's bytes.</remarks>
internal sealed unsafe class ZstdCompressor : BlockCompressor
{
    // These parameters stand for the frame's format, which has no name of its own in the library.
    private const ZSTD_cParameter CompressionFormat = ZSTD_cParameter.ZSTD_c_experimentalParam2;
    private const ZSTD_dParameter DecompressionFormat = ZSTD_dParameter.ZSTD_d_experimentalParam1;
    private const int Magicless = (int)ZSTD_format_e.ZSTD_f_zstd1_magicless;

    private readonly byte[] _scratch = new byte[(int)Methods.ZSTD_compressBound(MaxContent)];
    private readonly ZstdDictionary? _compression;
    private readonly ZstdDictionary? _decompression;
    private ZSTD_CCtx_s* _encoder;
    private ZSTD_DCtx_s* _decoder;

    /// <summary>Takes the dictionaries of both directions, which stay the caller's and live on with this.</summary>
    public ZstdCompressor(ZstdDictionary? compression, ZstdDictionary? decompression)
    {
        bool isKept = false;
        compression?.DangerousAddRef(ref isKept);
        decompression?.DangerousAddRef(ref isKept);
        (_compression, _decompression) = (compression, decompression);
        _encoder = Methods.ZSTD_createCCtx();
        _decoder = Methods.ZSTD_createDCtx();
        if (_encoder is null || _decoder is null)
        {
            Dispose();
            throw new OutOfMemoryException("There is no memory for a zstd compressor.");
        }

        Set(CompressionFormat, Magicless);
        Set(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
        Set(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        Require(Methods.ZSTD_DCtx_setParameter(_decoder, DecompressionFormat, Magicless));
        if (compression is not null && decompression is not null)
        {
            Require(Methods.ZSTD_CCtx_refCDict(_encoder, (ZSTD_CDict_s*)compression.Pointer));
            Require(Methods.ZSTD_DCtx_refDDict(_decoder, (ZSTD_DDict_s*)decompression.Pointer));
        }
        else
        {
            Require(Methods.ZSTD_CCtx_setCParams(_encoder, ZstdParameters.Compression));
        }
    }

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxContent, nameof(content));
        ObjectDisposedException.ThrowIf(_encoder is null, this);
        int room = Math.Min(destination.Length, content.Length - 1);
        if (room <= 0)
        {
            return 0;
        }

        // The size takes the byte that the window would, as long as it fits one.
        Set(ZSTD_cParameter.ZSTD_c_contentSizeFlag, content.Length < 256 ? 1 : 0);
        fixed (byte* source = content, target = _scratch)
        {
            // The library wants more room than it fills, and in less it finds another payload, or none.
            nuint length = Methods.ZSTD_compress2(_encoder, target, (nuint)_scratch.Length, source,
                (nuint)content.Length);
            GC.KeepAlive(this);
            Require(length);
            if (length > (nuint)room)
            {
                return 0;
            }

            _scratch.AsSpan(0, (int)length).CopyTo(destination);
            return (int)length;
        }
    }

    /// <inheritdoc/>
    public override bool TryDecompress(ReadOnlySpan<byte> payload, Span<byte> destination, out int length)
    {
        length = 0;
        ObjectDisposedException.ThrowIf(_decoder is null, this);
        if (!ZstdFrame.IsWhole(payload))
        {
            return false;
        }

        // In one go the library writes to the destination alone, and takes no memory for a window.
        fixed (byte* source = payload, target = destination)
        {
            nuint written = Methods.ZSTD_decompressDCtx(_decoder, target, (nuint)destination.Length, source,
                (nuint)payload.Length);
            GC.KeepAlive(this);
            if (Methods.ZSTD_isError(written))
            {
                return false;
            }

            length = (int)written;
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what a caller forgot.</summary>
    ~ZstdCompressor() => Free();

    private void Free()
    {
        if (_encoder is null && _decoder is null)
        {
            return;
        }

        Methods.ZSTD_freeCCtx(_encoder);
        Methods.ZSTD_freeDCtx(_decoder);
        _encoder = null;
        _decoder = null;
        _compression?.DangerousRelease();
        _decompression?.DangerousRelease();
    }

    private void Set(ZSTD_cParameter parameter, int value) =>
        Require(Methods.ZSTD_CCtx_setParameter(_encoder, parameter, value));

    private static void Require(nuint result)
    {
        if (Methods.ZSTD_isError(result))
        {
            throw new InvalidOperationException($"zstd: {Methods.ZSTD_getErrorName(result)}");
        }
    }
}
