using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using LinkCodec.Core.Primitives;

namespace LinkCodec.State;

/// <summary>
/// Records as they stand in a log: the length of the body (4 bytes, little-endian), the CRC-32C of length and body (4
/// bytes), the body, whose first byte is the record's type. Not thread-safe.
/// </summary>
internal sealed class RecordBuffer
{
    /// <summary>Bytes before a record's body.</summary>
    public const int HeaderLength = 8;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Adds a record.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="fields">Numbers of at most 62 bits, written as varints.</param>
    /// <param name="rest">Bytes behind them.</param>
    public void Add(byte type, ReadOnlySpan<ulong> fields, ReadOnlySpan<byte> rest = default)
    {
        Span<byte> head = stackalloc byte[HeaderLength + 1 + (8 * fields.Length)];
        int length = HeaderLength;
        head[length++] = type;
        foreach (ulong field in fields)
        {
            length += VarInt.Write(head[length..], field);
        }

        head = head[..length];
        BinaryPrimitives.WriteInt32LittleEndian(head, length - HeaderLength + rest.Length);
        uint check = Crc32C(Crc32C(Crc32C(0, head[..4]), head[HeaderLength..]), rest);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], check);
        _bytes.Write(head);
        _bytes.Write(rest);
    }

    /// <summary>Forgets the records.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>The CRC-32C of bytes that follow others with the CRC-32C <paramref name="crc"/>; 0 for none.</summary>
    public static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
