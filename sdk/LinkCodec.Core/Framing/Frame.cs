namespace LinkCodec.Core.Framing;

/// <summary>A frame that carries no messages; its bytes are the plaintext's.</summary>
internal readonly struct Frame
{
    /// <summary>Which frame.</summary>
    public FrameType Type { get; init; }

    /// <summary>REPORT: the largest counter opened. CLOSE: the error code. END: messages sent in all. AGAIN:
    /// the distance to an earlier segment. RECOVERED: segments computed. 0 otherwise.</summary>
    public ulong Value { get; init; }

    /// <summary>REPORT: the bitmap. CLOSE: UTF-8 text. CONTROL: the MessagePack map. Empty otherwise.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>RECOVERED: equations held, and unknown segments in them; at most 2,048 each. 0 otherwise.</summary>
    public (int Equations, int Unknown) Held { get; init; }
}
