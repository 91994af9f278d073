using System.Buffers.Binary;
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
        if ((type & 1) != 0)
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
        if (!TryReadFields((DataFrameKind)((type - (byte)FrameType.Coded) >> 1), ref body, out DataFrame fields))
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
        (>= FrameType.Coded and <= FrameType.StoredPartWithLength)
        or FrameType.StoredMany or FrameType.StoredManyWithLength;

    // Every field but the payload is read, and the payload is what is left of the body then.
    private static bool TryReadFields(DataFrameKind kind, ref ReadOnlySpan<byte> body, out DataFrame fields)
    {
        fields = default;
        if (!VarInt.TryRead(body, out ulong message, out int size))
        {
            return false;
        }

        body = body[size..];
        fields = new DataFrame { Kind = kind, FirstMessage = message, Count = 1, IsLast = true };
        return kind switch
        {
            DataFrameKind.Coded => TryReadCoded(ref body, ref fields),
            DataFrameKind.Stored => true,
            DataFrameKind.StoredMany => TryReadStoredMany(ref body, ref fields),
            _ => TryReadPart(ref body, ref fields),
        };
    }

    private static bool TryReadCoded(ref ReadOnlySpan<byte> body, ref DataFrame fields) =>
        TryReadCount(1, ref body, ref fields) && TryReadBaseAndCheck(ref body, ref fields);

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

    private static bool TryReadPart(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        if (!VarInt.TryRead(body, out ulong offset, out int size))
        {
            return false;
        }

        body = body[size..];

        // spec 4.3-2: yes and no have one spelling each.
        if (body.Length < 1 || body[0] > 1)
        {
            return false;
        }

        fields = fields with { Offset = offset, IsLast = body[0] == 1 };
        body = body[1..];

        // spec 4.3-1: no byte of a stored part lies past 2^62 - 1.
        return fields.IsCoded ? TryReadBaseAndCheck(ref body, ref fields) : offset + (ulong)body.Length <= VarInt.Max;
    }

    private static bool TryReadCount(int least, ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        // spec 4.3-1: there are so many messages at least, and every one has a number.
        if (body.Length < 1 || body[0] < least || fields.FirstMessage + body[0] - 1 > VarInt.Max)
        {
            return false;
        }

        fields = fields with { Count = body[0] };
        body = body[1..];
        return true;
    }

    private static bool TryReadBaseAndCheck(ref ReadOnlySpan<byte> body, ref DataFrame fields)
    {
        // spec 4.3-5: a context that has absorbed nothing is the start state, and none looks ahead.
        if (!VarInt.TryRead(body, out ulong distance, out int size)
            || distance > fields.FirstMessage
            || body.Length < size + FrameLimits.CheckLength)
        {
            return false;
        }

        body = body[size..];
        fields = fields with
        {
            Base = distance == 0 ? 0 : fields.FirstMessage + 1 - distance,
            Check = BinaryPrimitives.ReadUInt32LittleEndian(body),
        };
        body = body[FrameLimits.CheckLength..];
        return true;
    }
}
