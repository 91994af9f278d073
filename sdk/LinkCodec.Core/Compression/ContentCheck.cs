using System.Buffers.Binary;
using System.Numerics;

namespace LinkCodec.Core.Compression;

/// <summary>CRC-32C (RFC 3720, B.4) over a message number and decoded messages, each followed by its length: a wrong
/// decode is named, never delivered.</summary>
internal struct ContentCheck
{
    private uint _crc;

    /// <summary>Begins a check.</summary>
    /// <param name="firstMessage">The whole number of the frame's first message.</param>
    public ContentCheck(ulong firstMessage) => _crc = BitOperations.Crc32C(uint.MaxValue, firstMessage);

    /// <summary>The check of everything added, of which a frame carries the lowest bits.</summary>
    public readonly uint Value => ~_crc;

    /// <summary>The check of a frame's messages.</summary>
    public static uint Of(ulong firstMessage, params IEnumerable<ReadOnlyMemory<byte>> messages)
    {
        ContentCheck check = new(firstMessage);
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            check.Add(message.Span);
        }

        return check.Value;
    }

    /// <summary>Adds a message, or a part of one, and its length.</summary>
    public void Add(ReadOnlySpan<byte> content)
    {
        uint length = (uint)content.Length;
        uint crc = _crc;
        while (content.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[8..];
        }

        foreach (byte value in content)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        _crc = BitOperations.Crc32C(crc, length); // spec 5.4-2: the length counts as 4 bytes, little-endian.
    }
}
