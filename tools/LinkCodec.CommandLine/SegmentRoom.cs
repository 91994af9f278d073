using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Security;

namespace LinkCodec.CommandLine;

/// <summary>The bytes that LinkCodec's session leaves in a datagram to content that it does not code.</summary>
internal static class SegmentRoom
{
    /// <summary>Bytes of a message that fills a datagram to its last byte.</summary>
    /// <param name="mtu">Bytes of the longest datagram.</param>
    /// <param name="number">The message's number in its session: the header of its frame says it.</param>
    public static int Of(int mtu, int number) =>
        mtu - SegmentSealer.Overhead
            - DataFrameWriter.HeaderLength(StoredContent.FrameOf((ulong)number, 1, default), toEnd: true);
}
