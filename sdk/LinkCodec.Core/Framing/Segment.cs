using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>A segment's plaintext, read whole before any of it is believed.</summary>
internal sealed class Segment
{
    private readonly List<Frame> _frames;

    private Segment(List<Frame> frames, List<DataFrame> unit, int unitLength) =>
        (_frames, Unit, UnitLength) = (frames, unit.ToArray(), unitLength);

    /// <summary>The frames in front of the unit, in their order and without padding. Their bytes are the
    /// plaintext's.</summary>
    public IReadOnlyList<Frame> Frames => _frames;

    /// <summary>The data frames; none where the segment carries no unit. Their bytes are the plaintext's.</summary>
    public IReadOnlyList<DataFrame> Unit { get; }

    /// <summary>Bytes of the unit.</summary>
    public int UnitLength { get; }

    /// <summary>The repair that the segment ends with; null without.</summary>
    public RepairFrame? Repair { get; private init; }

    /// <summary>Bytes of AGAINs at the segment's start, which enter no repair; 0 without.</summary>
    public int AgainLength { get; private init; }

    /// <summary>Whether the peer wants the segment reported.</summary>
    public bool Asks => Unit.Count > 0 || Repair is not null || AsksAtOnce || Holds(FrameType.Control);

    /// <summary>Whether the peer wants a report without delay.</summary>
    public bool AsksAtOnce => Holds(FrameType.Ping) || Holds(FrameType.End);

    /// <summary>Whether a frame of the type stands in front of the unit.</summary>
    public bool Holds(FrameType type) => _frames.Exists(frame => frame.Type == type);

    /// <summary>Reads all of a segment. Peer bytes: never throws.</summary>
    /// <param name="plaintext">The segment, opened; its frames refer to this memory.</param>
    /// <param name="segment">What it holds; of no use when false.</param>
    /// <returns><see langword="false"/> when one of its bytes belongs to no frame that the spec knows.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> plaintext, out Segment segment)
    {
        List<Frame> frames = [];
        List<DataFrame> unit = [];
        ReadOnlyMemory<byte> rest = plaintext;
        int again = 0;
        bool isOrdered = true;
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            if (frame.Type == FrameType.Again)
            {
                again += 1 + VarInt.Length(frame.Value);
                isOrdered &= again == plaintext.Length - rest.Length; // spec 15.4-1: nothing else stands before it.
            }

            if (frame.Type != FrameType.Padding)
            {
                frames.Add(frame);
            }
        }

        // spec 4.1-1, 4.1-2: what is left is nothing, a repair, or data frames to the end.
        bool isRepair = FrameReader.TryReadRepair(rest, out RepairFrame repair);
        bool isReadable = isOrdered && (isRepair || DataFrame.TryParse(rest, unit));
        segment = new Segment(frames, unit, isRepair ? 0 : rest.Length)
        {
            Repair = isRepair ? repair : null,
            AgainLength = again,
        };
        return isReadable;
    }
}
