using System.Text.Unicode;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>Reads the frames that stand in front of a segment's unit. Peer bytes: never throws, never
/// allocates.</summary>
internal static class FrameReader
{
    /// <summary>Reads the frame at the start of <paramref name="rest"/> and moves past it.</summary>
    /// <param name="rest">What is left of a segment; the frame's bytes refer to this memory.</param>
    /// <param name="frame">The frame; nothing when false.</param>
    /// <returns><see langword="false"/> at the segment's end, at a data frame, and at what is malformed;
    /// <paramref name="rest"/> is then unchanged.</returns>
    public static bool TryRead(ref ReadOnlyMemory<byte> rest, out Frame frame)
    {
        frame = default;
        ReadOnlySpan<byte> bytes = rest.Span;
        if (bytes.IsEmpty)
        {
            return false;
        }

        FrameType type = (FrameType)bytes[0];
        if (type is FrameType.Padding or FrameType.Ping)
        {
            frame = new Frame { Type = type };
            rest = rest[1..];
            return true;
        }

        if (!TryReadFields(type, bytes, out ulong value, out Range content) || !IsValid(type, value, bytes[content]))
        {
            return false;
        }

        (int Equations, int Unknown) held = default;
        _ = type == FrameType.Recovered && TryReadHeld(bytes[content], out held, out _);
        frame = new Frame { Type = type, Value = value, Bytes = rest[content], Held = held };
        rest = rest[content.End.Value..];
        return true;
    }

    /// <summary>Reads a REPAIR, which reaches to the segment's end.</summary>
    /// <param name="rest">What is left of a segment.</param>
    /// <param name="repair">The frame, whose symbol refers to <paramref name="rest"/>; nothing when false.</param>
    public static bool TryReadRepair(ReadOnlyMemory<byte> rest, out RepairFrame repair)
    {
        repair = default;
        ReadOnlySpan<byte> bytes = rest.Span;
        if (bytes.IsEmpty || bytes[0] != (byte)FrameType.Repair
            || !VarInt.TryRead(bytes[1..], out ulong reach, out int size)
            || reach is 0 or > FrameLimits.MaxRepairReach // spec 15.2-1
            || bytes.Length < 1 + size + 2 + FrameLimits.MinRepairSymbol)
        {
            return false;
        }

        repair = new RepairFrame
        {
            Reach = (int)reach,
            BackToLast = bytes[1 + size],
            BackToLastButOne = bytes[2 + size],
            Symbol = rest[(3 + size)..],
        };
        return true;
    }

    // Each of these frames begins with an integer, and those that have more end with bytes whose number is said.
    private static bool TryReadFields(FrameType type, ReadOnlySpan<byte> bytes, out ulong value, out Range content)
    {
        (value, content) = (0, default);
        if (type is not (FrameType.Report or FrameType.Close or FrameType.Control or FrameType.End
            or FrameType.Again or FrameType.Recovered)
            || !VarInt.TryRead(bytes[1..], out ulong integer, out int size))
        {
            return false; // Unknown types end here too, and repairs.
        }

        int start = 1 + size;
        ulong length = 0;
        if (type == FrameType.Control)
        {
            length = integer;
        }
        else
        {
            value = integer;
        }

        if (type is FrameType.Report or FrameType.Close)
        {
            if (start == bytes.Length)
            {
                return false;
            }

            length = bytes[start++];
        }

        if (type == FrameType.Recovered)
        {
            bool isHeld = TryReadHeld(bytes[start..], out _, out size);
            content = start..(start + size);
            return isHeld;
        }

        // The limits come before the length is believed.
        if (length > MaxLength(type) || length > (ulong)(bytes.Length - start))
        {
            return false;
        }

        content = start..(start + (int)length);
        return true;
    }

    private static bool TryReadHeld(ReadOnlySpan<byte> bytes, out (int Equations, int Unknown) held, out int size)
    {
        bool isRead = VarInt.TryRead(bytes, out ulong equations, out size);
        isRead &= VarInt.TryRead(bytes[size..], out ulong unknown, out int more);
        size += more;
        isRead &= equations <= unknown && unknown <= FrameLimits.MaxEquations; // spec 15.5-1
        held = isRead ? ((int)equations, (int)unknown) : default;
        return isRead;
    }

    private static ulong MaxLength(FrameType type) => type switch
    {
        FrameType.Report => FrameLimits.MaxReportBitmap, // spec 4.2-1
        FrameType.Close => FrameLimits.MaxCloseText, // spec 4.2-2
        FrameType.Control => FrameLimits.MaxControl, // spec 4.2-3
        _ => 0,
    };

    private static bool IsValid(FrameType type, ulong value, ReadOnlySpan<byte> bytes) => type switch
    {
        FrameType.Report => IsBitmap(value, bytes),
        FrameType.Again => value > 0, // spec 15.4-1
        FrameType.Close => Utf8.IsValid(bytes), // spec 4.2-2
        _ => true,
    };

    // spec 4.2-1: a bitmap has no spare zero byte, and names no counter under zero.
    private static bool IsBitmap(ulong largest, ReadOnlySpan<byte> bitmap)
    {
        if (bitmap.IsEmpty)
        {
            return true;
        }

        ulong deepest = (ulong)((8 * (bitmap.Length - 1)) + int.Log2(bitmap[^1] | 1)) + 1;
        return bitmap[^1] != 0 && deepest <= largest;
    }
}
