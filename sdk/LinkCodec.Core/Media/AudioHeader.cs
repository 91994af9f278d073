using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>What stands before a segment's code.</summary>
/// <remarks>
/// A byte with the bit depth less one in its lower 5 bits and the channels less one in its upper 3; then a varint:
/// twice the number of samples a channel, and one where the segment goes on from the state that the last one left.
/// </remarks>
/// <param name="Format">What the samples are.</param>
/// <param name="Length">Samples a channel.</param>
/// <param name="GoesOn">Whether the segment needs the one before it.</param>
internal readonly record struct AudioHeader(AudioFormat Format, int Length, bool GoesOn)
{
    /// <summary>The longest header.</summary>
    internal const int MaxLength = 9;

    /// <summary>All samples.</summary>
    internal long Samples => (long)Length * Format.Channels;

    /// <summary>Writes the header.</summary>
    /// <returns>Its length.</returns>
    internal int Write(Span<byte> destination)
    {
        destination[0] = (byte)(((Format.Channels - 1) << 5) | (Format.BitDepth - 1));
        return 1 + VarInt.Write(destination[1..], ((ulong)Length << 1) | (GoesOn ? 1u : 0u));
    }

    /// <summary>Reads a header.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out AudioHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.IsEmpty || !VarInt.TryRead(source[1..], out ulong value, out int valueLength)
            || value >> 1 > int.MaxValue)
        {
            return false;
        }

        AudioFormat format = new((source[0] >> 5) + 1, (source[0] & 31) + 1);
        header = new AudioHeader(format, (int)(value >> 1), (value & 1) != 0);
        length = 1 + valueLength;
        return format.IsValid;
    }
}
