using System.Runtime.InteropServices;
using LinkCodec.Core.Primitives;
using ZstdSharp.Unsafe;

namespace LinkCodec.Models.Zstd;

/// <summary>
/// A dictionary that was digested for one direction of coding. Immutable: all compressors of a process share it, and
/// each keeps it alive.
/// </summary>
internal sealed unsafe class ZstdDictionary : SafeHandle
{
    private readonly bool _isForCompression;

    private ZstdDictionary(void* digested, bool isForCompression, string location)
        : base(0, ownsHandle: true)
    {
        _isForCompression = isForCompression;
        SetHandle((nint)digested);
        if (IsInvalid)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{location}: expected a zstd dictionary, found what zstd cannot read.");
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The dictionary as the functions of its direction take it.</summary>
    public void* Pointer => (void*)handle;

    /// <summary>Digests a dictionary for compression: some milliseconds, and 0.8 MB besides its own size.</summary>
    /// <param name="dictionary">The dictionary's bytes, which are copied.</param>
    /// <param name="location">The dictionary's place, for people.</param>
    /// <exception cref="LinkException">The bytes are no zstd dictionary.</exception>
    public static ZstdDictionary ForCompression(ReadOnlySpan<byte> dictionary, string location)
    {
        fixed (byte* bytes = dictionary)
        {
            return new ZstdDictionary(
                Methods.ZSTD_createCDict_advanced(bytes, (nuint)dictionary.Length,
                    ZSTD_dictLoadMethod_e.ZSTD_dlm_byCopy, ZSTD_dictContentType_e.ZSTD_dct_fullDict,
                    ZstdParameters.Compression, default),
                isForCompression: true, location);
        }
    }

    /// <summary>Digests a dictionary for decompression.</summary>
    /// <param name="dictionary">The dictionary's bytes, which are copied.</param>
    /// <param name="location">The dictionary's place, for people.</param>
    /// <exception cref="LinkException">The bytes are no zstd dictionary.</exception>
    public static ZstdDictionary ForDecompression(ReadOnlySpan<byte> dictionary, string location)
    {
        fixed (byte* bytes = dictionary)
        {
            return new ZstdDictionary(
                Methods.ZSTD_createDDict_advanced(bytes, (nuint)dictionary.Length,
                    ZSTD_dictLoadMethod_e.ZSTD_dlm_byCopy, ZSTD_dictContentType_e.ZSTD_dct_fullDict, default),
                isForCompression: false, location);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        nuint result = _isForCompression
            ? Methods.ZSTD_freeCDict((ZSTD_CDict_s*)handle)
            : Methods.ZSTD_freeDDict((ZSTD_DDict_s*)handle);
        return !Methods.ZSTD_isError(result);
    }
}
