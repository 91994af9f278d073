using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>Reads the data frames of a unit. Peer bytes: never throws, never allocates.</summary>
internal static class DataFrameReader
{
    /// <summary>Reads the frame at the start of <paramref name="unit"/> and moves past it.</summary>
    /// <param name="unit">What is left of a unit; the frame's payload refers to this memory.</param>
    /// <param name="frame">The frame; nothing when false.</param>
    /// <returns><see langword="false"/> when the bytes are no data frame; <paramref name="unit"/> is then unchanged. No
    /// bytes are no frame.</returns>
    public static bool TryRead(ref ReadOnlyMemory<byte> unit, out DataFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> bytes = unit.Span;
        if (bytes.IsEmpty || !IsDataFrame(bytes[0]))
        {
            return false;
        }

        byte type = bytes[0];
        int start = 1;
        int end = bytes.Length;
        if (HasLength(type))
        {
            // spec 4.1-1: the length is believed only as far as the bytes go.
            if (!VarInt.TryRead(bytes[1..], out ulong length, out int size) || length > (ulong)(end - start - size))
            {
                return false;
            }

            start += size;
            end = start + (int)length;
        }

        ReadOnlySpan<byte> body = bytes[start..end];
        bool isWell = type >= (byte)FrameType.Coded
            ? TryReadCoded(type, ref body, out DataFrame fields)
            : TryReadOther((DataFrameKind)((type - (byte)FrameType.Block) >> 1), ref body, out fields);
        if (!isWell)
        {
            return false;
        }

        frame = fields with { Payload = unit[(end - body.Length)..end] };
        unit = unit[end..];
        return true;
    }

    /// <summary>Takes one of several stored messages, which is not the last, and its length.</summary>
    /// <param name="payload">What the frame holds from that length on; moved past the message.</param>
    /// <param name="length">Bytes of the message, the last ones that were taken.</param>
    public static bool TryTakeStored(ref ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        if (!VarInt.TryRead(payload, out ulong value, out int size) || value > (ulong)(payload.Length - size))
        {
            return false; // spec 4.3-6
        }

        length = (int)value;
        payload = payload[(size + length)..];
        return true;
    }

    private static bool IsDataFrame(byte type) => (FrameType)type is
        (>= FrameType.Block and <= FrameType.StoredPartWithLength)
        or (>= FrameType.StoredMany and <= FrameType.PrimedPartWithLength) or >= FrameType.Coded;

    private static bool HasLength(byte type) => type >= (byte)FrameType.Coded
        ? FormOf(type) is CodedForm.OneWithLength or CodedForm.ManyWithLength or CodedForm.RestWithLength
        : (type & 1) != 0;

    private static CodedForm FormOf(byte type) => (CodedForm)((type >> 4) & 7);

    private static bool TryReadCoded(byte type, ref ReadOnlySpan<byte> body, out DataFrame fields)
    {
        CodedForm form = FormOf(type);
        fields = new DataFrame
        {
            Kind = DataFrameKind.Coded,
            IsShort = form == CodedForm.Short,
            Count = 1,
            IsLast = true,
            Base = (type >> 2) & 3,
            Keep = type & 3,
        };

        bool isWell = form switch
        {
            CodedForm.Short => TryReadShortNumber(ref body, ref fields),
            CodedForm.One or CodedForm.OneWithLength => TryReadNumber(ref body, ref fields),
            CodedForm.Many or CodedForm.ManyWithLength =>
                TryReadNumber(ref body, ref fields) && TryReadCodedCount(ref body, ref fields),
            CodedForm.Rest or CodedForm.RestWithLength => TryReadNumber(ref body, ref fields)
                && TryReadOffset(ref body, ref fields) && fields.Offset > 0
                && TryReadCodedCount(ref body, ref fields),
            _ => false,
        };
        return isWell && TryReadCheck(ref body, ref fields);
    }

    private static bool TryReadOther(DataFrameKind kind, ref ReadOnlySpan<byte> body, out DataFrame fields)
    {
        fields = new DataFrame { Kind = kind, Count = 1, IsLast = true };
        return TryReadNumber(ref body, ref fields) && kind switch
        {
            DataFrameKind.Stored => true,
            DataFrameKind.Block or DataFrameKind.Primed =>
                TryReadCount(1, ref body, ref fields) && TryReadCheck(ref body, ref fields),
            DataFrameKind.StoredMany => TryReadStoredMany(ref body, ref fields),
            DataFrameKind.Media => TryReadOffset(ref body, ref fields) && TryReadPlace(ref body, ref fields),
            _ => TryReadOffset(ref body, ref fields) && TryReadLast(ref body, ref fields)
                && TryReadCheck(ref body, ref fields),
        };
    }

    private static bool TryReadShortNumber(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        if (body.IsEmpty)
        {
            return false;
        }

        fields = fields with { FirstMessage = body[0] };
        body = body[1..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        bool isWell = TryTake(ref body, out ulong message);
        fields = fields with { FirstMessage = message };
        return isWell;
    }

    private static bool TryReadStoredMany(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        // spec 4.3-6: one message alone has a shorter frame.
        if (!TryReadCount(2, ref body, ref fields))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = body;
        for (int i = 1; i < fields.Count; i++)
        {
            if (!TryTakeStored(ref rest, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadOffset(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        bool isWell = TryTake(ref body, out ulong offset);
        fields = fields with { Offset = offset };
        return isWell;
    }

    private static bool TryReadLast(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        // spec 4.3-2: yes and no have one spelling each.
        if (body.Length < 1 || body[0] > 1)
        {
            return false;
        }

        fields = fields with { IsLast = body[0] == 1 };
        body = body[1..];

        // spec 4.3-1: no byte of a part that is not coded lies past 2^62 - 1.
        return fields.Offset + (ulong)body.Length <= VarInt.Max;
    }

    private static bool TryReadPlace(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        if (!TryTake(ref body, out ulong place) || place / 2 >= FrameLimits.MaxMediaCode || place / 2 > fields.Offset)
        {
            return false;
        }

        fields = fields with { CodeStart = (int)(place / 2), EndsCode = (place & 1) != 0, IsLast = false };
        bool isWell = !fields.EndsCode || (TryReadLast(ref body, ref fields) && TryReadCheck(ref body, ref fields));

        // spec 4.3-8: every stretch has a byte at least, and a code no more than its limit.
        return isWell && body.Length > 0 && fields.CodeStart + body.Length <= FrameLimits.MaxMediaCode
            && fields.Offset + (ulong)body.Length <= VarInt.Max;
    }

    private static bool TryReadCodedCount(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        if (!TryTake(ref body, out ulong value) || !TrySetCount(value / 2, 1, ref fields))
        {
            return false;
        }

        // spec 4.3-1: one whole message alone has a shorter frame, and what begins at 0 another.
        fields = fields with { IsLast = (value & 1) == 0 };
        return !fields.IsOneCoded;
    }

    private static bool TryReadCount(ulong least, ref ReadOnlySpan<byte> body, ref DataFrame fields) =>
        TryTake(ref body, out ulong count) && TrySetCount(count, least, ref fields);

    private static bool TrySetCount(ulong count, ulong least, ref DataFrame fields)
    {
        // spec 4.3-1: there are so many messages at least, and every one has a number.
        bool isWell = count >= least && count <= FrameLimits.MaxMessagesPerFrame
            && fields.FirstMessage + count - 1 <= VarInt.Max;
        fields = fields with { Count = isWell ? (int)count : 1 };
        return isWell;
    }

    private static bool TryReadCheck(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        int length = DataFrameWriter.CheckLength(fields);
        if (body.Length < length)
        {
            return false;
        }

        uint check = 0;
        for (int i = length - 1; i >= 0; i--)
        {
            check = (check << 8) | body[i];
        }

        fields = fields with { Check = check };
        body = body[length..];
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> body, out ulong value)
    {
        if (!VarInt.TryRead(body, out value, out int size))
        {
            return false;
        }

        body = body[size..];
        return true;
    }
}
