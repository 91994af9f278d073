using Microsoft.Win32.SafeHandles;

namespace LinkCodec.Peers;

/// <summary>A libzstd compression context.</summary>
internal sealed class ZstdCompressor : SafeHandleZeroOrMinusOneIsInvalid
{
    public ZstdCompressor()
        : base(ownsHandle: true) => SetHandle(NativeZstd.CreateCompressor());

    protected override bool ReleaseHandle() => NativeZstd.FreeCompressor(handle) == 0;
}

/// <summary>A libzstd decompression context.</summary>
internal sealed class ZstdDecompressor : SafeHandleZeroOrMinusOneIsInvalid
{
    public ZstdDecompressor()
        : base(ownsHandle: true) => SetHandle(NativeZstd.CreateDecompressor());

    protected override bool ReleaseHandle() => NativeZstd.FreeDecompressor(handle) == 0;
}
