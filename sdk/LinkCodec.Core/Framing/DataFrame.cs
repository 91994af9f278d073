namespace LinkCodec.Core.Framing;

/// <summary>A view of one data frame; <see cref="Payload"/> lives as long as the bytes it was read from.</summary>
internal readonly ref struct DataFrame
{
    /// <summary>Which of the five it is.</summary>
    public DataFrameKind Kind { get; init; }

    /// <summary>Number of the first message, or of the message that a part belongs to.</summary>
    public ulong FirstMessage { get; init; }

    /// <summary>Whole messages in the frame: 1 to 255 for <see cref="DataFrameKind.Coded"/>, 2 to 255 for <see cref="DataFrameKind.StoredMany"/>, 1 for stored, 0 for a part.</summary>
    public int Count { get; init; }

    /// <summary>Where a part begins in its message, in decoded bytes; 0 for whole messages.</summary>
    public ulong Offset { get; init; }

    /// <summary>Whether the message ends with this frame; always true for whole messages.</summary>
    public bool IsLast { get; init; }

    /// <summary>The context that the range code starts from has absorbed the messages below this number; 0: the start state.</summary>
    public ulong Base { get; init; }

    /// <summary>CRC-32C over the decoded messages and their lengths; 0 where the payload is raw and the seal is check enough.</summary>
    public uint Check { get; init; }

    /// <summary>The range code, or the raw bytes; of several stored messages with their lengths.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Whether <see cref="Payload"/> is a range code.</summary>
    public bool IsCoded => Kind is DataFrameKind.Coded or DataFrameKind.CodedPart;

    /// <summary>Whether the frame is a piece of a message.</summary>
    public bool IsPart => Kind is DataFrameKind.CodedPart or DataFrameKind.StoredPart;
}
