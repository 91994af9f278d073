using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Security;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// Counts the segments of units as a session sends them, and reads them again. Nothing is sealed: that adds a constant.
/// </summary>
internal sealed class SegmentCount(int mtu)
{
    public long Segments { get; private set; }

    public long WireBytes { get; private set; }

    public long PayloadBytes { get; private set; }

    /// <summary>Bytes that data frames may take in a datagram of <paramref name="mtu"/> bytes.</summary>
    public static int UnitSize(int mtu) => mtu - SegmentSealer.Overhead;

    /// <summary>Counts a unit.</summary>
    /// <returns>The unit's frames as a receiver reads them.</returns>
    public IReadOnlyList<DataFrame> Add(PackedUnit unit)
    {
        byte[] bytes = unit.ToBytes(isShort: false, UnitSize(mtu));
        Segments++;
        WireBytes += bytes.Length + SegmentSealer.Overhead;
        PayloadBytes += unit.PayloadBytes;
        List<DataFrame> frames = [];
        return DataFrame.TryParse(bytes, frames)
            ? frames
            : throw new InvalidOperationException("A packed segment cannot be read.");
    }
}
