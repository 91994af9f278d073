using System.Buffers.Binary;

namespace LinkCodec.Core.Primitives;

/// <summary>Integers of 1, 2, 4 or 8 bytes, the length in the two top bits (RFC 9000, section 16).</summary>
internal static class VarInt
{
    /// <summary>The largest value: 2^62 - 1.</summary>
    public const ulong Max = (1UL << 62) - 1;

    /// <summary>Bytes that <paramref name="value"/> takes: 1, 2, 4 or 8.</summary>
    public static int Length(ulong value) => value switch
    {
        < 1UL << 6 => 1,
        < 1UL << 14 => 2,
        < 1UL << 30 => 4,
        <= Max => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "At most 2^62 - 1."),
    };

    /// <summary>Writes <paramref name="value"/> in its shortest form and returns the bytes written.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = Length(value);
        if (destination.Length < length)
        {
            throw new ArgumentException("Too short for the integer.", nameof(destination));
        }

        switch (length)
        {
            case 1: destination[0] = (byte)value; break;
            case 2: BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value | 0x4000)); break;
            case 4: BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)value | 0x8000_0000); break;
            default: BinaryPrimitives.WriteUInt64BigEndian(destination, value | 0xC000_0000_0000_0000); break;
        }

        return length;
    }

    /// <summary>
    /// Reads one integer; <see langword="false"/> when the bytes end early or a longer form than needed was used.
    /// </summary>
    /// <param name="source">Peer bytes.</param>
    /// <param name="value">The integer, 0 when false.</param>
    /// <param name="length">Bytes read, 0 when false.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;
        length = 0;
        if (source.IsEmpty)
        {
            return false;
        }

        int size = 1 << (source[0] >> 6);
        if (source.Length < size)
        {
            return false;
        }

        ulong raw = size switch
        {
            1 => source[0],
            2 => (ulong)(BinaryPrimitives.ReadUInt16BigEndian(source) & 0x3FFF),
            4 => BinaryPrimitives.ReadUInt32BigEndian(source) & 0x3FFF_FFFF,
            _ => BinaryPrimitives.ReadUInt64BigEndian(source) & Max,
        };
        if (Length(raw) != size)
        {
            return false; // One spelling for each value: nothing to hide data in.
        }

        value = raw;
        length = size;
        return true;
    }
}
