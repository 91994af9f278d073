using System.Buffers.Binary;
using System.Numerics;

namespace LinkCodec.Core.Compression;

/// <summary>CRC-32C (RFC 3720, B.4) over decoded messages, each followed by its length: a wrong decode is named, never
/// delivered.</summary>
internal struct ContentCheck()
{
    private uint _crc = uint.MaxValue;

    /// <summary>The check of everything added.</summary>
    public readonly uint Value => ~_crc;

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

    /// <summary>The check of one message or part alone.</summary>
    public static uint Of(ReadOnlySpan<byte> content)
    {
        ContentCheck check = new();
        check.Add(content);
        return check.Value;
    }
}
