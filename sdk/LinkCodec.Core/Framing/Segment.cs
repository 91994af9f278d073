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

    /// <summary>The data frames; none where the segment carries no unit. They have memory of their own.</summary>
    public IReadOnlyList<DataFrame> Unit { get; }

    /// <summary>Bytes of the unit, and of the memory that its frames share.</summary>
    public int UnitLength { get; }

    /// <summary>Whether the peer wants the segment reported.</summary>
    public bool Asks => Unit.Count > 0 || AsksAtOnce || Holds(FrameType.Control);

    /// <summary>Whether the peer wants a report without delay.</summary>
    public bool AsksAtOnce => Holds(FrameType.Ping) || Holds(FrameType.End);

    /// <summary>Whether a frame of the type stands in front of the unit.</summary>
    public bool Holds(FrameType type) => _frames.Exists(frame => frame.Type == type);

    /// <summary>Reads all of a segment. Peer bytes: never throws.</summary>
    /// <param name="plaintext">The segment, opened.</param>
    /// <param name="segment">What it holds; of no use when false.</param>
    /// <returns><see langword="false"/> when one of its bytes belongs to no frame that the spec knows.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> plaintext, out Segment segment)
    {
        List<Frame> frames = [];
        List<DataFrame> unit = [];
        ReadOnlyMemory<byte> rest = plaintext;
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            if (frame.Type != FrameType.Padding)
            {
                frames.Add(frame);
            }
        }

        // spec 4.1-1, 4.1-2: what is left is nothing, or data frames to the end.
        bool isReadable = DataFrame.TryParse(rest.ToArray(), unit);
        segment = new Segment(frames, unit, rest.Length);
        return isReadable;
    }
}
