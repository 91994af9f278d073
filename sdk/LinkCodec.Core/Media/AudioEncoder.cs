using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Media;

/// <summary>Codes sound without loss, segment by segment. Not thread-safe.</summary>
/// <remarks>Memory: under 600 KB a channel, and the coded form.</remarks>
internal sealed class AudioEncoder
{
    private readonly AudioFormat _format;
    private SegmentCoder? _coder;

    /// <summary>An encoder for sound of one format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is outside its limits.</exception>
    internal AudioEncoder(AudioFormat format)
    {
        if (!format.IsValid)
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "1 to 8 channels, 8 to 24 bits.");
        }

        _format = format;
    }

    /// <summary>The coded form of a segment.</summary>
    /// <param name="samples">Signed samples, channel by channel at each time; none, or a whole number of times.</param>
    /// <param name="goesOn">Whether to go on from the state that the last segment left: the decoder then needs that
    /// one first. The first segment never does.</param>
    /// <exception cref="ArgumentException">A sample is missing, or does not fit the bit depth.</exception>
    internal byte[] Encode(ReadOnlySpan<int> samples, bool goesOn = false)
    {
        int most = (1 << (_format.BitDepth - 1)) - 1;
        if (samples.Length % _format.Channels != 0 || samples.ContainsAnyExceptInRange(-most - 1, most))
        {
            throw new ArgumentException("Samples for every channel, within the bit depth.", nameof(samples));
        }

        goesOn = goesOn && _coder is not null;
        _coder = goesOn ? _coder! : new SegmentCoder(_format);
        Span<byte> start = stackalloc byte[AudioHeader.MaxLength];
        int length = new AudioHeader(_format, samples.Length / _format.Channels, goesOn).Write(start);
        RangeEncoder encoder = new();
        RangeBitWriter coder = new(encoder);
        Span<int> frame = stackalloc int[_format.Channels];
        for (int at = 0; at < samples.Length; at += frame.Length)
        {
            samples.Slice(at, frame.Length).CopyTo(frame);
            _coder.Code(ref coder, frame);
        }

        return [.. start[..length], .. encoder.Finish()];
    }
}
