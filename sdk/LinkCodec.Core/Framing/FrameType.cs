namespace LinkCodec.Core.Framing;

/// <summary>The first byte of a frame (protocol-spec/04-frames.md, section 4.2 and 4.3). Of the data frames below 0x80
/// odd ones carry their length, even ones run to the segment's end.</summary>
internal enum FrameType : byte
{
    Padding = 0x00,
    Ping = 0x01,
    Report = 0x02,
    Close = 0x03,
    Control = 0x04,
    End = 0x05,
    Again = 0x06,
    Recovered = 0x08,
    Block = 0x10,
    BlockWithLength = 0x11,
    Stored = 0x12,
    StoredWithLength = 0x13,
    BlockPart = 0x14,
    BlockPartWithLength = 0x15,
    StoredPart = 0x16,
    StoredPartWithLength = 0x17,

    Repair = 0x18,

    StoredMany = 0x1A,
    StoredManyWithLength = 0x1B,
    Media = 0x1C,
    MediaWithLength = 0x1D,
    Primed = 0x1E,
    PrimedWithLength = 0x1F,
    PrimedPart = 0x20,
    PrimedPartWithLength = 0x21,

    /// <summary>The first of the types of range codes: bits 4 to 6 hold a <see cref="CodedForm"/>, bits 2 and 3 the
    /// base's slot, bits 0 and 1 the slot that keeps.</summary>
    Coded = 0x80,
}
