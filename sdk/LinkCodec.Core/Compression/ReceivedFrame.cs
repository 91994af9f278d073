using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Compression;

/// <summary>A data frame as it arrived, with memory of its own.</summary>
/// <param name="Kind">Which frame.</param>
/// <param name="FirstMessage">Number of its first message.</param>
/// <param name="Count">Whole messages in it; 1 for a part.</param>
/// <param name="Offset">Where a part starts in its message, in bytes; 0 otherwise.</param>
/// <param name="IsLast">Whether a part ends its message; true for whole messages.</param>
/// <param name="Check">Check of the decoded content; 0 for stored frames.</param>
/// <param name="Payload">Range code, or the stored bytes; of several stored messages with their lengths.</param>
/// <param name="Base">The range code starts from the context of the messages below this number; 0: from the start state.</param>
public readonly record struct ReceivedFrame(
    DataFrameKind Kind, ulong FirstMessage, int Count, ulong Offset, bool IsLast, uint Check, ReadOnlyMemory<byte> Payload, ulong Base = 0)
{
    /// <summary>Whether the payload is a range code.</summary>
    public bool IsCoded => Kind is DataFrameKind.Coded or DataFrameKind.CodedPart;

    /// <summary>The messages of a frame that is not coded, or its part of one; they refer to its memory.</summary>
    internal ReadOnlyMemory<byte>[] StoredMessages()
    {
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[Count];
        ReadOnlySpan<byte> rest = Payload.Span;
        for (int i = 0; i < messages.Length - 1; i++)
        {
            // The frame was read before: a length that lies can only come from a caller, and costs it the messages behind.
            int length = DataFrameReader.TryTakeStored(ref rest, out int taken) ? taken : 0;
            messages[i] = Payload.Slice(Payload.Length - rest.Length - length, length);
        }

        messages[^1] = Payload[^rest.Length..];
        return messages;
    }

    /// <summary>Takes a unit, as the peer sent it, apart; <see langword="false"/> when it breaks the spec.</summary>
    /// <param name="unit">One or more data frames; the results refer to this memory.</param>
    /// <param name="frames">Where the frames are added; on false it may hold the ones before the broken one.</param>
    public static bool TryParse(ReadOnlyMemory<byte> unit, ICollection<ReceivedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ReadOnlySpan<byte> rest = unit.Span;
        while (!rest.IsEmpty)
        {
            if (!DataFrameReader.TryRead(ref rest, out DataFrame frame))
            {
                return false;
            }

            // The payload is the end of what the reader has just left behind.
            int end = unit.Length - rest.Length;
            frames.Add(new ReceivedFrame(
                frame.Kind, frame.FirstMessage, Math.Max(1, frame.Count), frame.Offset, frame.IsLast, frame.Check, unit[(end - frame.Payload.Length)..end], frame.Base));
        }

        return true;
    }
}
