using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Session;

/// <summary>The range of a unit in the stream of messages.</summary>
/// <param name="Start">The position of the unit's first frame.</param>
/// <param name="LastFrame">The position of the unit's last frame.</param>
/// <param name="End">The position where the next unit begins if nothing lies between; null when only decoding can
/// tell.</param>
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
