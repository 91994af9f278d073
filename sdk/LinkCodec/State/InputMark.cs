using System.Buffers.Binary;

namespace LinkCodec.State;

/// <summary>What stands behind a message, or before it, in the input that it was read from.</summary>
internal enum InputForm : byte
{
    /// <summary>The message comes from no input whose position is kept.</summary>
    None,

    /// <summary>A newline.</summary>
    Line,

    /// <summary>Nothing: lines that end without a newline.</summary>
    OpenLine,

    /// <summary>The byte 0x1E.</summary>
    Record,

    /// <summary>Nothing: records that end without the byte 0x1E.</summary>
    OpenRecord,

    /// <summary>Its length, 4 bytes, before it.</summary>
    Prefixed,

    /// <summary>Nothing: the input is one message.</summary>
    Whole,
}

/// <summary>How far an input was read: its bytes up to there are in the queue, or were.</summary>
/// <param name="Name">A hash of the input's name, below 2^62.</param>
/// <param name="Position">Bytes that were read.</param>
/// <param name="Count">Messages that were read.</param>
/// <param name="Crc">The CRC-32C of those bytes.</param>
internal readonly record struct InputMark(ulong Name, ulong Position, ulong Count, uint Crc)
{
    /// <summary>The mark behind another message.</summary>
    public InputMark After(InputForm form, ReadOnlySpan<byte> message)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        return form switch
        {
            InputForm.None => this,
            InputForm.Prefixed => With(length).With(message) with { Count = Count + 1 },
            InputForm.Line => With(message).With("\n"u8) with { Count = Count + 1 },
            InputForm.Record => With(message).With("\u001e"u8) with { Count = Count + 1 },
            _ => With(message) with { Count = Count + 1 },
        };
    }

    /// <summary>The mark of an input of which nothing was read.</summary>
    /// <param name="name">The input's full name.</param>
    public static InputMark Of(string name) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))) >> 2, 0, 0, 0);

    private InputMark With(ReadOnlySpan<byte> bytes) => this with
    {
        Position = Position + (ulong)bytes.Length,
        Crc = RecordBuffer.Crc32C(Crc, bytes),
    };
}
