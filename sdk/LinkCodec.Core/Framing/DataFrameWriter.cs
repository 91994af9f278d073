using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>Writes data frames.</summary>
/// <remarks>
/// A frame that runs to the end of the segment must be the last of its unit; any other states its length, so that
/// another frame can follow. Caller mistakes throw. No state.
/// </remarks>
internal static class DataFrameWriter
{
    /// <summary>The longest header of a frame that runs to the segment's end.</summary>
    public const int MaxHeader = 1 + 8 + 8 + 2 + 3;

    /// <summary>Bytes of a whole frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="toEnd">Whether it runs to the segment's end.</param>
    public static int Length(in DataFrame frame, bool toEnd) =>
        HeaderLength(frame, toEnd) + frame.Payload.Length;

    /// <summary>Bytes that a frame takes beside its payload, type byte included.</summary>
    /// <param name="frame">The frame; of its payload the length counts.</param>
    /// <param name="toEnd">Whether it runs to the segment's end.</param>
    public static int HeaderLength(in DataFrame frame, bool toEnd)
    {
        int fields = FieldsLength(frame);
        return toEnd ? 1 + fields : 1 + VarInt.Length((ulong)(fields + frame.Payload.Length)) + fields;
    }

    /// <summary>Bytes of a frame's check: fewer for one message, where they weigh most.</summary>
    public static int CheckLength(in DataFrame frame) => frame switch
    {
        { IsOneCoded: true } => 2,
        { IsCoded: true } or { IsBlock: true } or { IsPrimed: true } or { IsMedia: true, EndsCode: true } => 3,
        _ => 0,
    };

    /// <summary>Writes a whole frame and returns its length.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="toEnd">Whether it runs to the segment's end.</param>
    public static int Write(Span<byte> destination, in DataFrame frame, bool toEnd)
    {
        // spec 4.3-1
        ulong last = frame.FirstMessage + (ulong)(frame.Count - 1);
        if (frame.Count is < 1 or > FrameLimits.MaxMessagesPerFrame || last > VarInt.Max
            || (frame.IsShort && !(toEnd && frame.IsOneCoded)))
        {
            throw new ArgumentException("No frame has these numbers.", nameof(frame));
        }

        destination[0] = TypeOf(frame, toEnd);
        int at = 1;
        if (!toEnd)
        {
            at += VarInt.Write(destination[at..], (ulong)(FieldsLength(frame) + frame.Payload.Length));
        }

        if (frame.IsShort)
        {
            destination[at++] = (byte)frame.FirstMessage;
        }
        else
        {
            at += VarInt.Write(destination[at..], frame.FirstMessage);
        }

        if (HasOffset(frame))
        {
            at += VarInt.Write(destination[at..], frame.Offset);
        }

        if (frame.IsMedia)
        {
            at += VarInt.Write(destination[at..], PlaceField(frame));
        }

        if (HasLast(frame))
        {
            destination[at++] = frame.IsLast ? (byte)1 : (byte)0;
        }
        else if (HasCount(frame))
        {
            at += VarInt.Write(destination[at..], CountField(frame));
        }

        for (int i = 0; i < CheckLength(frame); i++)
        {
            destination[at++] = (byte)(frame.Check >> (8 * i));
        }

        frame.Payload.Span.CopyTo(destination[at..]);
        return at + frame.Payload.Length;
    }

    /// <summary>Makes a unit whose message number is said in short say it in full; gives any other back as it
    /// is.</summary>
    /// <param name="unit">The unit; not changed.</param>
    /// <param name="number">The number of its first message.</param>
    public static byte[] SayNumber(byte[] unit, ulong number)
    {
        if (unit.Length == 0 || (unit[0] & 0xF0) != (int)FrameType.Coded)
        {
            return unit;
        }

        byte[] said = new byte[unit.Length - 1 + VarInt.Length(number)];
        said[0] = (byte)(unit[0] | ((int)CodedForm.One << 4));
        int at = 1 + VarInt.Write(said.AsSpan(1), number);
        unit.AsSpan(2).CopyTo(said.AsSpan(at));
        return said;
    }

    private static byte TypeOf(in DataFrame frame, bool toEnd)
    {
        if (!frame.IsCoded)
        {
            return (byte)((byte)FrameType.Block + (2 * (int)frame.Kind) + (toEnd ? 0 : 1));
        }

        CodedForm form = frame switch
        {
            { IsShort: true } => CodedForm.Short,
            { Offset: > 0 } => toEnd ? CodedForm.Rest : CodedForm.RestWithLength,
            { IsOneCoded: true } => toEnd ? CodedForm.One : CodedForm.OneWithLength,
            _ => toEnd ? CodedForm.Many : CodedForm.ManyWithLength,
        };
        return (byte)((int)FrameType.Coded | ((int)form << 4) | (frame.Base << 2) | frame.Keep);
    }

    private static bool HasCount(in DataFrame frame) =>
        frame.Kind is DataFrameKind.Block or DataFrameKind.StoredMany or DataFrameKind.Primed
        || (frame.IsCoded && !frame.IsOneCoded);

    private static bool HasOffset(in DataFrame frame) =>
        frame.IsPart || frame.IsMedia || frame is { IsCoded: true, Offset: > 0 };

    private static bool HasLast(in DataFrame frame) => frame.IsPart || frame is { IsMedia: true, EndsCode: true };

    private static ulong PlaceField(in DataFrame frame) => (2 * (ulong)frame.CodeStart) + (frame.EndsCode ? 1u : 0u);

    private static ulong CountField(in DataFrame frame) =>
        frame.IsCoded ? (2 * (ulong)frame.Count) + (frame.IsLast ? 0u : 1u) : (ulong)frame.Count;

    private static int FieldsLength(in DataFrame frame) =>
        (frame.IsShort ? 1 : VarInt.Length(frame.FirstMessage))
        + (HasCount(frame) ? VarInt.Length(CountField(frame)) : 0)
        + (HasOffset(frame) ? VarInt.Length(frame.Offset) : 0)
        + (frame.IsMedia ? VarInt.Length(PlaceField(frame)) : 0)
        + (HasLast(frame) ? 1 : 0)
        + CheckLength(frame);
}
