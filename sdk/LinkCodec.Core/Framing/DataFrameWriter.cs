using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>Writes data frames, or their headers alone: the caller puts the payload behind those.</summary>
/// <remarks>
/// A frame whose <c>payloadLength</c> is <see cref="ToEnd"/> runs to the end of the segment and must be the last of its
/// unit; any other states its length, so that another frame can follow. Caller mistakes throw. No state.
/// </remarks>
internal static class DataFrameWriter
{
    /// <summary>The frame has no length field: it runs to the end of the segment.</summary>
    public const int ToEnd = -1;

    /// <summary>The longest header of a frame that runs to the segment's end.</summary>
    public static int MaxHeader { get; } = HeaderLength(DataFrameKind.CodedPart, VarInt.Max, VarInt.Max, start: 1);

    /// <summary>Bytes of a whole frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="toEnd">Whether it runs to the segment's end.</param>
    public static int Length(in DataFrame frame, bool toEnd) => frame.Payload.Length
        + HeaderLength(frame.Kind, frame.FirstMessage, frame.Offset, toEnd ? ToEnd : frame.Payload.Length, frame.Base);

    /// <summary>Writes a whole frame and returns its length.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="toEnd">Whether it runs to the segment's end.</param>
    public static int Write(Span<byte> destination, in DataFrame frame, bool toEnd)
    {
        ulong message = frame.FirstMessage;
        int length = toEnd ? ToEnd : frame.Payload.Length;
        int header = frame.Kind switch
        {
            DataFrameKind.Coded => WriteCodedHeader(destination, message, frame.Count, frame.Check, length, frame.Base),
            DataFrameKind.Stored => WriteStoredHeader(destination, message, length),
            DataFrameKind.StoredMany => WriteStoredManyHeader(destination, message, frame.Count, length),
            DataFrameKind.CodedPart =>
                WriteCodedPartHeader(destination, message, frame.Offset, frame.IsLast, frame.Check, length, frame.Base),
            _ => WriteStoredPartHeader(destination, message, frame.Offset, frame.IsLast, length),
        };
        frame.Payload.Span.CopyTo(destination[header..]);
        return header + frame.Payload.Length;
    }

    /// <summary>Bytes that the header of a frame takes, type byte included.</summary>
    /// <param name="kind">Which frame.</param>
    /// <param name="message">First message number.</param>
    /// <param name="offset">Where a part begins; ignored for whole messages.</param>
    /// <param name="payloadLength">Bytes of the payload, or <see cref="ToEnd"/>.</param>
    /// <param name="start">The base of the range code's context, 0 for the start state; ignored for stored
    /// frames.</param>
    public static int HeaderLength(
        DataFrameKind kind, ulong message, ulong offset = 0, int payloadLength = ToEnd, ulong start = 0)
    {
        int fields = FieldsLength(kind, message, offset, start);
        return payloadLength == ToEnd ? 1 + fields : 1 + VarInt.Length((ulong)(fields + payloadLength)) + fields;
    }

    /// <summary>Writes a CODED header and returns its length.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="firstMessage">Number of the first message.</param>
    /// <param name="count">Whole messages, 1 to 255.</param>
    /// <param name="check">CRC-32C over the messages and their lengths.</param>
    /// <param name="payloadLength">Bytes of range code that follow, or <see cref="ToEnd"/>.</param>
    /// <param name="start">The base of the context that the code starts from: 1 to the number of the (first) message, 0
    /// for the start state.</param>
    public static int WriteCodedHeader(
        Span<byte> destination, ulong firstMessage, int count, uint check, int payloadLength = ToEnd, ulong start = 0)
    {
        // spec 4.3-1
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, FrameLimits.MaxMessagesPerFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstMessage, VarInt.Max - (ulong)(count - 1));
        int at = WriteStart(destination, DataFrameKind.Coded, firstMessage, 0, payloadLength, start);
        destination[at++] = (byte)count;
        at += VarInt.Write(destination[at..], Distance(firstMessage, start));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], check);
        return at + FrameLimits.CheckLength;
    }

    /// <summary>Writes a STORED header and returns its length.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="message">Number of the message.</param>
    /// <param name="payloadLength">Bytes of the message that follow, or <see cref="ToEnd"/>.</param>
    public static int WriteStoredHeader(Span<byte> destination, ulong message, int payloadLength = ToEnd) =>
        WriteStart(destination, DataFrameKind.Stored, message, 0, payloadLength, 0);

    /// <summary>Writes a STORED MANY header and returns its length.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="firstMessage">Number of the first message.</param>
    /// <param name="count">Whole messages, 2 to 255.</param>
    /// <param name="payloadLength">Bytes of messages and lengths that follow, or <see cref="ToEnd"/>.</param>
    public static int WriteStoredManyHeader(
        Span<byte> destination, ulong firstMessage, int count, int payloadLength = ToEnd)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2); // spec 4.3-6
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, FrameLimits.MaxMessagesPerFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstMessage, VarInt.Max - (ulong)(count - 1)); // spec 4.3-1
        int at = WriteStart(destination, DataFrameKind.StoredMany, firstMessage, 0, payloadLength, 0);
        destination[at] = (byte)count;
        return at + 1;
    }

    /// <summary>Writes a CODED PART header and returns its length.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="message">Number of the message.</param>
    /// <param name="offset">Where the part begins in the message, in bytes.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <param name="check">CRC-32C over the part and its length.</param>
    /// <param name="payloadLength">Bytes of range code that follow, or <see cref="ToEnd"/>.</param>
    /// <param name="start">The base of the context that the code starts from: 1 to the number of the (first) message, 0
    /// for the start state.</param>
    public static int WriteCodedPartHeader(
        Span<byte> destination,
        ulong message,
        ulong offset,
        bool isLast,
        uint check,
        int payloadLength = ToEnd,
        ulong start = 0)
    {
        int at = WriteStart(destination, DataFrameKind.CodedPart, message, offset, payloadLength, start);
        at += VarInt.Write(destination[at..], offset);
        destination[at++] = isLast ? (byte)1 : (byte)0; // spec 4.3-2
        at += VarInt.Write(destination[at..], Distance(message, start));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], check);
        return at + FrameLimits.CheckLength;
    }

    /// <summary>Writes a STORED PART header and returns its length.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="message">Number of the message.</param>
    /// <param name="offset">Where the part begins in the message, in bytes.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <param name="payloadLength">Bytes of the message that follow, or <see cref="ToEnd"/>.</param>
    public static int WriteStoredPartHeader(
        Span<byte> destination, ulong message, ulong offset, bool isLast, int payloadLength = ToEnd)
    {
        int at = WriteStart(destination, DataFrameKind.StoredPart, message, offset, payloadLength, 0);
        at += VarInt.Write(destination[at..], offset);
        destination[at++] = isLast ? (byte)1 : (byte)0; // spec 4.3-2
        return at;
    }

    private static int WriteStart(
        Span<byte> destination, DataFrameKind kind, ulong message, ulong offset, int payloadLength, ulong start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payloadLength, ToEnd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, message); // spec 4.3-5
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message, VarInt.Max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, VarInt.Max);
        if (destination.Length < HeaderLength(kind, message, offset, payloadLength, start))
        {
            throw new ArgumentException("Too short for the frame's header.", nameof(destination));
        }

        int at = 1;
        destination[0] = (byte)((byte)FrameType.Coded + ((int)kind << 1) + (payloadLength == ToEnd ? 0 : 1));
        if (payloadLength != ToEnd)
        {
            at += VarInt.Write(destination[at..], (ulong)(FieldsLength(kind, message, offset, start) + payloadLength));
        }

        return at + VarInt.Write(destination[at..], message);
    }

    // spec 4.3-5
    private static ulong Distance(ulong message, ulong start) => start == 0 ? 0 : message + 1 - start;

    private static int FieldsLength(DataFrameKind kind, ulong message, ulong offset, ulong start) =>
        VarInt.Length(message) + kind switch
        {
            DataFrameKind.Coded => 1 + BaseAndCheckLength(message, start),
            DataFrameKind.Stored => 0,
            DataFrameKind.StoredMany => 1,
            DataFrameKind.CodedPart => VarInt.Length(offset) + 1 + BaseAndCheckLength(message, start),
            _ => VarInt.Length(offset) + 1,
        };

    private static int BaseAndCheckLength(ulong message, ulong start) =>
        VarInt.Length(Distance(message, start)) + FrameLimits.CheckLength;
}
