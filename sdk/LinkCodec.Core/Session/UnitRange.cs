using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Session;

/// <summary>The range of a unit in the stream of messages.</summary>
/// <param name="Start">The position of the unit's first frame.</param>
/// <param name="End">The position where the next unit begins if nothing lies between; null when only decoding can
/// tell.</param>
internal readonly record struct UnitRange(UnitPosition Start, UnitPosition? End)
{
    /// <summary>The range of one data frame or more.</summary>
    public static UnitRange Of(IReadOnlyList<DataFrame> unit)
    {
        UnitPosition? end = EndOf(unit[0]);
        for (int i = 1; i < unit.Count; i++)
        {
            // Frames of messages that do not follow each other leave room for other units between them.
            end = end is not null && end == PositionOf(unit[i]) ? EndOf(unit[i]) : null;
        }

        return new UnitRange(PositionOf(unit[0]), end);
    }

    private static UnitPosition? EndOf(in DataFrame frame) => frame switch
    {
        { IsLast: true } => new UnitPosition(frame.FirstMessage + (ulong)frame.Count, 0),
        { Kind: DataFrameKind.StoredPart } or { Kind: DataFrameKind.Media, EndsCode: false } =>
            new UnitPosition(frame.FirstMessage, frame.Offset + (ulong)frame.Payload.Length),
        _ => null,
    };

    private static UnitPosition PositionOf(in DataFrame frame) => new(frame.FirstMessage, frame.Offset);
}
