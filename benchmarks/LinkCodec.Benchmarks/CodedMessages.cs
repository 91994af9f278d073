using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;

namespace LinkCodec.Benchmarks;

/// <summary>A message and the units that hold it, or a few messages that share units.</summary>
/// <param name="Sources">The messages.</param>
/// <param name="Units">The units.</param>
internal sealed record CodedMessages(IReadOnlyList<OutgoingMessage> Sources, IReadOnlyList<PackedUnit> Units)
{
    /// <summary>Bytes of code and of what travels as it is, without frame headers.</summary>
    public long CodedLength => Units.Sum(unit => (long)unit.PayloadBytes);

    /// <summary>Whether all of it travels as it is.</summary>
    public bool IsStored => Units.All(unit => unit.Frames.All(frame => !frame.IsCoded));

    /// <summary>Bytes of the units, frame headers included.</summary>
    public long FramedLength => Units.Sum(unit => (long)Bytes(unit).Length);

    /// <summary>The frames of each unit, as the other end reads them.</summary>
    public IEnumerable<IReadOnlyList<DataFrame>> Frames() => Units.Select(unit =>
    {
        List<DataFrame> frames = [];
        return DataFrame.TryParse(Bytes(unit), frames)
            ? frames
            : throw new InvalidOperationException("A packed unit cannot be read.");
    });

    private static byte[] Bytes(PackedUnit unit) => unit.ToBytes(isShort: false, Samples.UnitSize);
}
