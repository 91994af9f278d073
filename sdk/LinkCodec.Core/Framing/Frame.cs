namespace LinkCodec.Core.Framing;

/// <summary>A view of one frame of a segment; its spans live as long as the plaintext.</summary>
internal readonly ref struct Frame
{
    /// <summary>Which frame. A data frame's form with a length is reported as its type byte says.</summary>
    public FrameType Type { get; init; }

    /// <summary>REPORT: the largest counter opened. CLOSE: the error code. END: messages sent in all. 0 otherwise.</summary>
    public ulong Value { get; init; }

    /// <summary>REPORT: the bitmap. CLOSE: UTF-8 text. CONTROL: the MessagePack map. A data frame: the whole frame as written.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Whether it is one of the data frames.</summary>
    public bool IsData => DataFrameReader.IsDataFrame((byte)Type);
}
