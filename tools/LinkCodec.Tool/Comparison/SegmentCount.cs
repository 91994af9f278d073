using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Security;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// Packs messages into segments as a session does, counts them, and takes them apart again. Nothing is sealed: that
/// adds a constant.
/// </summary>
internal sealed class SegmentCount(int mtu, int frequencyBits)
{
    private readonly UnitPacker _packer = new(UnitSize(mtu), frequencyBits);

    public long Segments { get; private set; }

    public long WireBytes { get; private set; }

    /// <summary>Bytes that data frames may take in a datagram of <paramref name="mtu"/> bytes.</summary>
    public static int UnitSize(int mtu) => mtu - SegmentSealer.Overhead;

    public void Add(EncodedMessage message) => _packer.Add(message);

    /// <summary>The frames of the segments that are full, or of all that are left.</summary>
    public List<DataFrame> Take(bool all)
    {
        List<DataFrame> frames = [];
        while (_packer.HasPending && (all || _packer.PendingBytes > UnitSize(mtu)))
        {
            PackedUnit unit = _packer.Build();
            Segments++;
            WireBytes += unit.Data.Length + SegmentSealer.Overhead;
            if (!DataFrame.TryParse(unit.Data, frames))
            {
                throw new InvalidOperationException("A packed segment cannot be read.");
            }
        }

        return frames;
    }
}
