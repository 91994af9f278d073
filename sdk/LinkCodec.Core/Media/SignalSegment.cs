using LinkCodec.Core.Coding;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>The code of a segment of a signal, which decodes alone, and back.</summary>
/// <remarks>Memory: that of a <see cref="SignalCoder"/>, and 4 bytes a sample. Time is bounded by the samples that the
/// header declares.</remarks>
internal static class SignalSegment
{
    // A code that is shorter than it must be is noticed within so many samples.
    private const int CheckEvery = 256;

    /// <summary>The coded form of a segment.</summary>
    /// <param name="format">What the samples are.</param>
    /// <param name="samples">Signed samples within the bit depth, channel by channel at each time.</param>
    internal static byte[] Encode(SignalFormat format, ReadOnlySpan<int> samples)
    {
        Span<byte> start = stackalloc byte[SignalHeader.MaxLength];
        int times = samples.Length / format.Channels;
        int length = new SignalHeader(format, times).Write(start);
        RangeEncoder encoder = new();
        RangeBitWriter writer = new(encoder);
        SignalCoder coder = new(format, times);
        Span<int> time = stackalloc int[format.Channels];
        for (int at = 0; at < samples.Length; at += time.Length)
        {
            samples.Slice(at, time.Length).CopyTo(time);
            coder.Code(ref writer, time);
        }

        return [.. start[..length], .. encoder.Finish()];
    }

    /// <summary>Decodes a segment.</summary>
    /// <param name="coded">The coded form.</param>
    /// <param name="limits">What to take at most.</param>
    /// <param name="format">What the samples are, where they are whole.</param>
    /// <param name="samples">Signed samples, channel by channel at each time; empty where they are not whole.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.Malformed"/>, or
    /// <see cref="LinkErrorCode.LimitExceeded"/>. Altered bytes may give other samples and no error: a check over the
    /// result is the caller's.</returns>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> coded, MediaLimits limits, out SignalFormat format,
        out int[] samples)
    {
        samples = [];
        format = default;
        if (!SignalHeader.TryRead(coded, out SignalHeader header, out int length))
        {
            return LinkErrorCode.Malformed;
        }

        if (header.Samples > limits.MaxSamples)
        {
            return LinkErrorCode.LimitExceeded;
        }

        RangeBitReader reader = new(coded[length..]);
        SignalCoder coder = new(header.Format, header.Length);
        int[] result = new int[header.Samples];
        int channels = header.Format.Channels;
        for (int at = 0; at < result.Length; at += channels)
        {
            coder.Code(ref reader, result.AsSpan(at, channels));
            if (at % CheckEvery < channels && reader.IsPastEnd)
            {
                return LinkErrorCode.Malformed;
            }
        }

        if (reader.IsPastEnd || reader.HasMore)
        {
            return LinkErrorCode.Malformed;
        }

        (format, samples) = (header.Format, result);
        return LinkErrorCode.None;
    }
}
