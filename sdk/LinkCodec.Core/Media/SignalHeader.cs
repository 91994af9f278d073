using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>What stands before the code of a signal's segment.</summary>
/// <remarks>
/// A byte with the number of channels less one and the bit depth less one, 4 bits each; then the samples a channel less
/// one, a varint.
/// </remarks>
/// <param name="Format">What the samples are.</param>
/// <param name="Length">Samples a channel.</param>
internal readonly record struct SignalHeader(SignalFormat Format, int Length)
{
    /// <summary>The longest header.</summary>
    internal const int MaxLength = 9;

    /// <summary>All samples.</summary>
    internal long Samples => (long)Length * Format.Channels;

    /// <summary>Bytes of all samples.</summary>
    internal long SamplesLength => Samples * ((Format.BitDepth + 7) / 8);

    /// <summary>Writes the header.</summary>
    /// <returns>Its length.</returns>
    internal int Write(Span<byte> destination)
    {
        destination[0] = (byte)(((Format.Channels - 1) << 4) | (Format.BitDepth - 1));
        return 1 + VarInt.Write(destination[1..], (ulong)(Length - 1));
    }

    /// <summary>Reads a header.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out SignalHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.IsEmpty || !VarInt.TryRead(source[1..], out ulong value, out int valueLength)
            || value >= int.MaxValue)
        {
            return false;
        }

        SignalFormat format = new((source[0] >> 4) + 1, (source[0] & 15) + 1);
        header = new SignalHeader(format, (int)value + 1);
        length = 1 + valueLength;
        return format.IsValid;
    }
}
