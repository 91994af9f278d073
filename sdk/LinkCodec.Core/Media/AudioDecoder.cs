using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>Decodes what an <see cref="AudioEncoder"/> coded. Not thread-safe.</summary>
/// <remarks>
/// Memory: <see cref="MostChannelBytes"/> a channel, and 4 bytes a sample. Time is bounded by the samples that the
/// header declares.
/// </remarks>
internal sealed class AudioDecoder
{
    /// <summary>What a channel teaches, at most.</summary>
    internal const int MostChannelBytes = 600 << 10;

    // A code that is shorter than it must be is noticed within so many samples.
    private const int CheckEvery = 256;

    private SegmentCoder? _coder;

    /// <summary>Decodes a segment.</summary>
    /// <param name="coded">The coded form.</param>
    /// <param name="limits">What to take at most.</param>
    /// <param name="format">What the samples are, where they are whole.</param>
    /// <param name="samples">Signed samples, channel by channel at each time; empty where they are not whole.</param>
    /// <returns><see cref="LinkErrorCode.None"/>; <see cref="LinkErrorCode.LimitExceeded"/>; or
    /// <see cref="LinkErrorCode.Malformed"/>, also where the segment goes on from one that was not decoded. Altered
    /// bytes may give other samples and no error: a check over the result is the caller's.</returns>
    internal LinkErrorCode Decode(ReadOnlySpan<byte> coded, MediaLimits limits, out AudioFormat format,
        out int[] samples)
    {
        samples = [];
        format = default;
        SegmentCoder? before = _coder;
        _coder = null; // Whatever goes on from a segment that fails must fail.
        if (!AudioHeader.TryRead(coded, out AudioHeader header, out int length)
            || (header.GoesOn && before?.Format != header.Format))
        {
            return LinkErrorCode.Malformed;
        }

        if (header.Samples > limits.MaxSamples)
        {
            return LinkErrorCode.LimitExceeded;
        }

        SegmentCoder segment = header.GoesOn ? before! : new SegmentCoder(header.Format);
        RangeBitReader coder = new(coded[length..]);
        int[] result = new int[header.Samples];
        int channels = header.Format.Channels;
        for (int at = 0; at < result.Length; at += channels)
        {
            segment.Code(ref coder, result.AsSpan(at, channels));
            if (at % CheckEvery < channels && coder.IsPastEnd)
            {
                return LinkErrorCode.Malformed;
            }
        }

        if (coder.IsPastEnd || coder.HasMore)
        {
            return LinkErrorCode.Malformed;
        }

        (_coder, format, samples) = (segment, header.Format, result);
        return LinkErrorCode.None;
    }
}
