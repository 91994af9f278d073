using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// The frames of a segment: whatever the bytes, what the readers accept can be written again, the same.
/// </summary>
public static class FrameFuzz
{
    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        byte[] again = new byte[data.Length];
        FrameWriter writer = new(again);
        ReadOnlyMemory<byte> rest = data.ToArray();
        bool fits = true; // Whether no frame contradicts those before it.
        bool isAgain = true; // Whether nothing but AGAINs has come.
        while (FrameReader.TryRead(ref rest, out Frame frame))
        {
            if (frame.Type == FrameType.Close && frame.Value > int.MaxValue)
            {
                return; // A code of the far future can be read, not written.
            }

            fits &= frame.Type != FrameType.Again || isAgain;
            isAgain &= frame.Type == FrameType.Again;
            Require(WriteAgain(ref writer, frame), "A frame that was read does not fit where it stood.");
        }

        if (FrameReader.TryReadRepair(rest, out RepairFrame repair))
        {
            Require(writer.TryWriteRepair(repair), "A repair that was read does not fit where it stood.");
            rest = default;
        }

        (int frames, bool hasCode) = (0, false);
        while (TryWriteDataAgain(ref rest, ref writer, out DataFrame read))
        {
            fits &= !(read.IsShort && frames > 0) && !(read.IsCoded && hasCode && read.Base != 0);
            frames++;
            hasCode |= read.IsCoded;
        }

        Require(data[..writer.Written].SequenceEqual(again.AsSpan(0, writer.Written)), "A frame has two spellings.");
        Require(writer.Written == data.Length - rest.Length, "A frame is longer or shorter when it is written again.");
        Require(Segment.TryRead(data.ToArray(), out _) == (rest.IsEmpty && fits),
            "A segment reads differently as a whole.");
    }

    private static bool WriteAgain(ref FrameWriter writer, in Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Padding:
                writer.WritePadding(1);
                return true;
            case FrameType.Ping:
                return writer.TryWritePing();
            case FrameType.Report:
                return writer.TryWriteReport(frame.Value, frame.Bytes.Span);
            case FrameType.End:
                return writer.TryWriteEnd(frame.Value);
            case FrameType.Again:
                return writer.TryWriteAgain(frame.Value);
            case FrameType.Recovered:
                return writer.TryWriteRecovered(frame.Value, frame.Held);
            case FrameType.Control:
                return writer.TryWriteControl(frame.Bytes.Span);
            case FrameType.Close:
                return writer.TryWriteClose((LinkErrorCode)frame.Value, frame.Bytes.Span);
            default:
                return false;
        }
    }

    private static bool TryWriteDataAgain(
        ref ReadOnlyMemory<byte> rest, ref FrameWriter writer, out DataFrame frame)
    {
        ReadOnlyMemory<byte> before = rest;
        if (!DataFrameReader.TryRead(ref rest, out frame))
        {
            return false;
        }

        byte[] again = new byte[before.Length - rest.Length];
        Require(
            DataFrameWriter.Write(again, frame, toEnd: !HasLength(before.Span[0])) == again.Length
                && writer.TryWriteUnit(again),
            "A data frame that was read does not fit where it stood.");
        return true;
    }

    // Of the types below 0x80 the odd ones, of the others three forms.
    private static bool HasLength(byte type) => type < (byte)FrameType.Coded
        ? (type & 1) != 0
        : (CodedForm)((type >> 4) & 7)
            is CodedForm.OneWithLength or CodedForm.ManyWithLength or CodedForm.RestWithLength;

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
