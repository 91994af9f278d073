using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>Reads the data frames of a unit. Peer bytes: never throws, never allocates.</summary>
internal static class DataFrameReader
{
    /// <summary>Whether <paramref name="type"/> is one of the ten data frame types.</summary>
    public static bool IsDataFrame(byte type) => type is (>= (byte)FrameType.Coded and <= (byte)FrameType.StoredPartWithLength)
        or (byte)FrameType.StoredMany or (byte)FrameType.StoredManyWithLength;

    /// <summary>Reads the frame at the start of <paramref name="unit"/> and moves past it.</summary>
    /// <returns><see langword="false"/> when the bytes are no data frame; <paramref name="unit"/> is then unchanged. An empty span is no frame.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> unit, out DataFrame frame)
    {
        frame = default;
        if (unit.IsEmpty || !IsDataFrame(unit[0]))
        {
            return false;
        }

        byte type = unit[0];
        ReadOnlySpan<byte> body = unit[1..];
        int consumed = unit.Length;
        if ((type & 1) != 0)
        {
            // spec 4.1-1: the length is believed only as far as the bytes go.
            if (!VarInt.TryRead(body, out ulong length, out int size) || length > (ulong)(body.Length - size))
            {
                return false;
            }

            body = body.Slice(size, (int)length);
            consumed = 1 + size + (int)length;
        }

        if (!TryReadBody((DataFrameKind)((type - (byte)FrameType.Coded) >> 1), body, out frame))
        {
            return false;
        }

        unit = unit[consumed..];
        return true;
    }

    private static bool TryReadBody(DataFrameKind kind, ReadOnlySpan<byte> body, out DataFrame frame)
    {
        frame = default;
        if (!VarInt.TryRead(body, out ulong message, out int size))
        {
            return false;
        }

        body = body[size..];
        return kind switch
        {
            DataFrameKind.Coded => TryReadCoded(message, body, out frame),
            DataFrameKind.Stored => TryReadStored(message, body, out frame),
            DataFrameKind.StoredMany => TryReadStoredMany(message, body, out frame),
            _ => TryReadPart(kind, message, body, out frame),
        };
    }

    private static bool TryReadCoded(ulong message, ReadOnlySpan<byte> body, out DataFrame frame)
    {
        frame = default;

        // spec 4.3-1: at least one message, and every message has a number.
        if (body.Length < 1 || body[0] == 0 || message + body[0] - 1 > VarInt.Max)
        {
            return false;
        }

        int count = body[0];
        body = body[1..];
        if (!TryReadBase(message, ref body, out ulong start) || body.Length < FrameLimits.CheckLength)
        {
            return false;
        }

        frame = new DataFrame
        {
            Kind = DataFrameKind.Coded,
            FirstMessage = message,
            Count = count,
            Base = start,
            IsLast = true,
            Check = BinaryPrimitives.ReadUInt32LittleEndian(body),
            Payload = body[FrameLimits.CheckLength..],
        };
        return true;
    }

    private static bool TryReadBase(ulong message, ref ReadOnlySpan<byte> body, out ulong start)
    {
        start = 0;
        if (!VarInt.TryRead(body, out ulong distance, out int size) || distance > message)
        {
            return false; // spec 4.3-5: a context that has absorbed nothing is the start state, and none looks ahead.
        }

        start = distance == 0 ? 0 : message + 1 - distance;
        body = body[size..];
        return true;
    }

    private static bool TryReadStored(ulong message, ReadOnlySpan<byte> body, out DataFrame frame)
    {
        frame = new DataFrame { Kind = DataFrameKind.Stored, FirstMessage = message, Count = 1, IsLast = true, Payload = body };
        return true;
    }

    private static bool TryReadStoredMany(ulong message, ReadOnlySpan<byte> body, out DataFrame frame)
    {
        frame = default;

        // spec 4.3-6: one message alone has a shorter frame; spec 4.3-1: every message has a number.
        if (body.Length < 1 || body[0] < 2 || message + body[0] - 1 > VarInt.Max)
        {
            return false;
        }

        int count = body[0];
        body = body[1..];
        ReadOnlySpan<byte> rest = body;
        for (int i = 1; i < count; i++)
        {
            if (!TryTakeStored(ref rest, out _))
            {
                return false;
            }
        }

        frame = new DataFrame { Kind = DataFrameKind.StoredMany, FirstMessage = message, Count = count, IsLast = true, Payload = body };
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

    private static bool TryReadPart(DataFrameKind kind, ulong message, ReadOnlySpan<byte> body, out DataFrame frame)
    {
        frame = default;
        bool coded = kind == DataFrameKind.CodedPart;
        if (!VarInt.TryRead(body, out ulong offset, out int size))
        {
            return false;
        }

        body = body[size..];

        // spec 4.3-2: one spelling of yes and of no.
        if (body.Length < 1 || body[0] > 1)
        {
            return false;
        }

        bool last = body[0] == 1;
        body = body[1..];
        uint check = 0;
        ulong start = 0;
        if (coded)
        {
            if (!TryReadBase(message, ref body, out start) || body.Length < FrameLimits.CheckLength)
            {
                return false;
            }

            check = BinaryPrimitives.ReadUInt32LittleEndian(body);
            body = body[FrameLimits.CheckLength..];
        }
        else if (offset + (ulong)body.Length > VarInt.Max)
        {
            return false; // spec 4.3-1: no byte of a message lies past 2^62 - 1.
        }

        frame = new DataFrame { Kind = kind, FirstMessage = message, Offset = offset, IsLast = last, Base = start, Check = check, Payload = body };
        return true;
    }
}
