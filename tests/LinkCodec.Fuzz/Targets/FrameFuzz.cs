using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Fuzz.Targets;

/// <summary>The frames of a segment: whatever the bytes, the cursor ends at their end or says Malformed, and what it accepts it can write again.</summary>
public static class FrameFuzz
{
    /// <summary>Runs the target once; throws when a property fails.</summary>
    public static void Run(ReadOnlySpan<byte> data)
    {
        FrameReader reader = new(data);
        byte[] again = new byte[data.Length];
        FrameWriter writer = new(again);
        while (reader.TryRead(out Frame frame))
        {
            if (frame.Type == FrameType.Close && frame.Value > int.MaxValue)
            {
                return; // A code of the far future can be read, not written.
            }

            Require(WriteAgain(ref writer, frame), "A frame that was read does not fit where it stood.");
        }

        if (reader.Error == LinkErrorCode.None)
        {
            // One spelling for each segment.
            Require(reader.Consumed == data.Length && data.SequenceEqual(again), "A segment has two spellings.");
        }
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
                return writer.TryWriteReport(frame.Value, frame.Bytes);
            case FrameType.End:
                return writer.TryWriteEnd(frame.Value);
            case FrameType.Control:
                return writer.TryWriteControl(frame.Bytes);
            case FrameType.Close:
                return writer.TryWriteClose((LinkErrorCode)frame.Value, frame.Bytes);
            default:
                return WriteDataAgain(ref writer, frame.Bytes);
        }
    }

    private static bool WriteDataAgain(ref FrameWriter writer, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        Require(DataFrameReader.TryRead(ref rest, out DataFrame frame) && rest.IsEmpty, "A data frame reads differently alone.");
        byte[] again = new byte[bytes.Length];
        int length = (bytes[0] & 1) != 0 ? frame.Payload.Length : DataFrameWriter.ToEnd;
        int header = frame.Kind switch
        {
            DataFrameKind.Coded => DataFrameWriter.WriteCodedHeader(again, frame.FirstMessage, frame.Count, frame.Check, length, frame.Base),
            DataFrameKind.Stored => DataFrameWriter.WriteStoredHeader(again, frame.FirstMessage, length),
            DataFrameKind.StoredMany => DataFrameWriter.WriteStoredManyHeader(again, frame.FirstMessage, frame.Count, length),
            DataFrameKind.CodedPart => DataFrameWriter.WriteCodedPartHeader(again, frame.FirstMessage, frame.Offset, frame.IsLast, frame.Check, length, frame.Base),
            _ => DataFrameWriter.WriteStoredPartHeader(again, frame.FirstMessage, frame.Offset, frame.IsLast, length),
        };
        frame.Payload.CopyTo(again.AsSpan(header));
        return writer.TryWriteUnit(again);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
