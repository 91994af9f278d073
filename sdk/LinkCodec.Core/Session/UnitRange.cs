using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Session;

/// <summary>Where a unit lies in the stream of messages.</summary>
/// <param name="Start">Where its first frame begins.</param>
/// <param name="LastFrame">Where its last frame begins.</param>
/// <param name="End">Where the next unit begins if nothing lies between; null when only decoding can tell.</param>
internal readonly record struct UnitRange(UnitPosition Start, UnitPosition LastFrame, UnitPosition? End)
{
    /// <summary>The range of one data frame or more.</summary>
    public static UnitRange Of(IReadOnlyList<DataFrame> unit)
    {
        DataFrame last = unit[unit.Count - 1];
        UnitPosition? end = last.Kind switch
        {
            _ when last.IsLast => new UnitPosition(last.FirstMessage + (ulong)last.Count, 0),
            DataFrameKind.StoredPart => new UnitPosition(last.FirstMessage, last.Offset + (ulong)last.Payload.Length),
            _ => null,
        };
        return new UnitRange(PositionOf(unit[0]), PositionOf(last), end);
    }

    private static UnitPosition PositionOf(in DataFrame frame) => new(frame.FirstMessage, frame.Offset);
}
