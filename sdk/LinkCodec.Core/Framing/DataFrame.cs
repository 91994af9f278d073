namespace LinkCodec.Core.Framing;

/// <summary>A data frame, as it came or as it is about to be written.</summary>
internal readonly record struct DataFrame
{
    /// <summary>Which of them it is.</summary>
    public required DataFrameKind Kind { get; init; }

    /// <summary>Number of the first message, or of the message that a part belongs to.</summary>
    public ulong FirstMessage { get; init; }

    /// <summary>Whether the frame says no more of its message's number than the lowest eight bits. A frame that was
    /// read has no more in <see cref="FirstMessage"/> either, until the session completes it.</summary>
    public bool IsShort { get; init; }

    /// <summary>Messages in the frame, at most <see cref="FrameLimits.MaxMessagesPerFrame"/>, those that are not whole
    /// counted; 1 for parts.</summary>
    public int Count { get; init; }

    /// <summary>Where the frame begins in its first message, in decoded bytes; behind it, in a stretch of a media code,
    /// as many bytes of that code as came before.</summary>
    public ulong Offset { get; init; }

    /// <summary>Whether the frame's last message ends with it.</summary>
    public bool IsLast { get; init; }

    /// <summary>Check of a range code: the lowest bits of a CRC-32C, as many as the frame has room for.</summary>
    public uint Check { get; init; }

    /// <summary>The slot of the context that a range code starts from, 1 to 3; 0 for the start state, or, behind
    /// another range code of the segment, for where that one has ended.</summary>
    public int Base { get; init; }

    /// <summary>The slot that keeps the context behind the range code, 1 to 3; 0 for none.</summary>
    public int Keep { get; init; }

    /// <summary>Bytes of a media code that stand in frames before this one.</summary>
    public int CodeStart { get; init; }

    /// <summary>Whether a media code ends with the frame.</summary>
    public bool EndsCode { get; init; }

    /// <summary>The range code, the block, or the raw bytes; of several stored messages with their lengths.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Of a whole media code, the message's content before its part, as far as it needs that.</summary>
    public ReadOnlyMemory<byte> Before { get; init; }

    /// <summary>Whether <see cref="Payload"/> is a range code.</summary>
    public bool IsCoded => Kind == DataFrameKind.Coded;

    /// <summary>Whether <see cref="Payload"/> is a compressed block.</summary>
    public bool IsBlock => Kind is DataFrameKind.Block or DataFrameKind.BlockPart;

    /// <summary>Whether <see cref="Payload"/> is a code of primed mixing.</summary>
    public bool IsPrimed => Kind is DataFrameKind.Primed or DataFrameKind.PrimedPart;

    /// <summary>Whether <see cref="Payload"/> is a stretch of a media code.</summary>
    public bool IsMedia => Kind == DataFrameKind.Media;

    /// <summary>Whether the frame is a piece of one message that is not coded.</summary>
    public bool IsPart =>
        Kind is DataFrameKind.StoredPart or DataFrameKind.BlockPart or DataFrameKind.PrimedPart;

    /// <summary>Whether the frame is one whole message that is coded.</summary>
    public bool IsOneCoded => IsCoded && Count == 1 && Offset == 0 && IsLast;

    /// <summary>Bits of <see cref="Check"/> that the frame carries.</summary>
    public uint CheckMask => (1u << (8 * DataFrameWriter.CheckLength(this))) - 1;

    /// <summary>Takes a unit, as the peer sent it, apart; <see langword="false"/> when it breaks the spec.</summary>
    /// <param name="unit">Data frames and nothing else; the payloads refer to this memory.</param>
    /// <param name="frames">Where the frames are added; on false it may hold the ones before the broken one.</param>
    public static bool TryParse(ReadOnlyMemory<byte> unit, ICollection<DataFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        bool hasCode = false;
        while (!unit.IsEmpty)
        {
            // spec 4.3-5: what follows a range code goes on from it.
            if (!DataFrameReader.TryRead(ref unit, out DataFrame frame)
                || (frame.IsShort && frames.Count > 0)
                || (frame.IsCoded && hasCode && frame.Base != 0))
            {
                return false;
            }

            hasCode |= frame.IsCoded;
            frames.Add(frame);
        }

        return true;
    }

    /// <summary>Takes the messages apart that are joined in a content, each but the last behind its length.</summary>
    /// <param name="content">What the frame stores, or what its block decompresses to.</param>
    /// <param name="count">Messages in it, at least 1.</param>
    /// <returns>The messages, which refer to the content; null where a length reaches beyond its end.</returns>
    internal static ReadOnlyMemory<byte>[]? Split(ReadOnlyMemory<byte> content, int count)
    {
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[count];
        ReadOnlySpan<byte> rest = content.Span;
        for (int i = 0; i < count - 1; i++)
        {
            if (!DataFrameReader.TryTakeStored(ref rest, out int length))
            {
                return null;
            }

            messages[i] = content.Slice(content.Length - rest.Length - length, length);
        }

        messages[^1] = content[^rest.Length..];
        return messages;
    }
}
