using System.Buffers.Binary;

namespace LinkCodec.Core.Security;

/// <summary>The four clear bytes of a sealed segment, and what follows from its counter.</summary>
/// <remarks>Spec: protocol-spec/03-segments.md, sections 3.1 to 3.3.</remarks>
internal static class SegmentHeader
{
    /// <summary>Bytes of the header.</summary>
    internal const int Length = 4;

    /// <summary>Largest session tag.</summary>
    internal const byte MaxTag = 0x7F;

    /// <summary>Largest counter: the largest integer that a report can name.</summary>
    internal const ulong MaxCounter = (1UL << 62) - 1;

    private const int CounterBits = 24;
    private const int EpochBits = 20;
    private const ulong CounterMask = (1UL << CounterBits) - 1;

    /// <summary>The epoch whose key seals this counter.</summary>
    internal static ulong EpochOf(ulong counter) => counter >> EpochBits; // spec 3.3-1

    internal static void Write(Span<byte> destination, byte tag, ulong counter) => // spec 3.1-1
        BinaryPrimitives.WriteUInt32BigEndian(destination,
            0x8000_0000 | ((uint)tag << CounterBits) | (uint)(counter & CounterMask));

    /// <summary>The header's parts; false when the datagram is no sealed segment.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> datagram, out byte tag, out uint counterLow)
    {
        if (datagram.Length < Length + CipherState.TagLength || (datagram[0] & 0x80) == 0)
        {
            (tag, counterLow) = (0, 0);
            return false;
        }

        uint header = BinaryPrimitives.ReadUInt32BigEndian(datagram);
        tag = (byte)((header >> CounterBits) & MaxTag);
        counterLow = header & (uint)CounterMask;
        return true;
    }

    /// <summary>
    /// The counter with these low 24 bits that is nearest to <paramref name="next"/>, the one after the highest opened.
    /// </summary>
    /// <returns>False when none is within reach: 2^23 ahead at most, so eight epochs, which bounds the keys that a
    /// forger can have made.</returns>
    internal static bool TryReconstruct(uint counterLow, ulong next, out ulong counter)
    {
        const ulong span = 1UL << CounterBits;
        const ulong reach = span / 2;
        counter = (next & ~CounterMask) | counterLow;
        if (counter + reach <= next)
        {
            counter += span;
        }
        else if (counter > next + reach && counter >= span)
        {
            counter -= span;
        }

        return counter <= MaxCounter && counter <= next + reach;
    }
}
