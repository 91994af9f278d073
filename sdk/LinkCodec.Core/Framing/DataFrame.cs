namespace LinkCodec.Core.Framing;

/// <summary>A data frame, as it came or as it is about to be written.</summary>
/// <param name="Kind">Which of the five it is.</param>
/// <param name="FirstMessage">Number of the first message, or of the message that a part belongs to.</param>
/// <param name="Count">Messages in the frame: 1 to 255 for <see cref="DataFrameKind.Coded"/>, 2 to 255 for
/// <see cref="DataFrameKind.StoredMany"/>, 1 for the others, parts too.</param>
/// <param name="Offset">Where a part begins in its message, in decoded bytes; 0 for whole messages.</param>
/// <param name="IsLast">Whether the message ends with this frame; true for whole messages.</param>
/// <param name="Check">CRC-32C over the decoded messages and their lengths; 0 where the payload is raw and the seal is
/// check enough.</param>
/// <param name="Payload">The range code, or the raw bytes; of several stored messages with their lengths.</param>
/// <param name="Base">The range code starts from the context of the messages below this number; 0: from the start
/// state.</param>
internal readonly record struct DataFrame(
    DataFrameKind Kind,
    ulong FirstMessage,
    int Count,
    ulong Offset,
    bool IsLast,
    uint Check,
    ReadOnlyMemory<byte> Payload,
    ulong Base = 0)
{
    /// <summary>Whether <see cref="Payload"/> is a range code.</summary>
    public bool IsCoded => Kind is DataFrameKind.Coded or DataFrameKind.CodedPart;

    /// <summary>Whether the frame is a piece of a message.</summary>
    public bool IsPart => Kind is DataFrameKind.CodedPart or DataFrameKind.StoredPart;

    /// <summary>Takes a unit, as the peer sent it, apart; <see langword="false"/> when it breaks the spec.</summary>
    /// <param name="unit">Data frames and nothing else; the payloads refer to this memory.</param>
    /// <param name="frames">Where the frames are added; on false it may hold the ones before the broken one.</param>
    public static bool TryParse(ReadOnlyMemory<byte> unit, ICollection<DataFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        while (!unit.IsEmpty)
        {
            if (!DataFrameReader.TryRead(ref unit, out DataFrame frame))
            {
                return false;
            }

            frames.Add(frame);
        }

        return true;
    }

    /// <summary>The messages of a frame that is not coded, or its part of one; they refer to its memory.</summary>
    internal ReadOnlyMemory<byte>[] StoredMessages()
    {
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[Count];
        ReadOnlySpan<byte> rest = Payload.Span;
        for (int i = 0; i < messages.Length - 1; i++)
        {
            // The frame was read before: a length that lies can only come from a caller, and costs it the messages
            // behind.
            int length = DataFrameReader.TryTakeStored(ref rest, out int taken) ? taken : 0;
            messages[i] = Payload.Slice(Payload.Length - rest.Length - length, length);
        }

        messages[^1] = Payload[^rest.Length..];
        return messages;
    }
}
