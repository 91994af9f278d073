using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>Codes sound sample by sample, all channels side by side, and goes on where the last segment
/// ended.</summary>
/// <remarks>
/// The first channel also sees the past of the second, every other channel the past and present of the one before.
/// Memory: under 600 KB a channel.
/// </remarks>
internal sealed class SegmentCoder
{
    private const int Seen = 16;
    private const int Spare = 1024;

    private readonly ChannelCoder[] _coders;
    private readonly int[][] _histories; // the last sample first
    private int _start = Spare;

    /// <summary>A coder that has learned nothing.</summary>
    /// <param name="format">What the samples are.</param>
    /// <param name="mixer">One mixer for all channels, which has seen other sounds: for training.</param>
    internal SegmentCoder(AudioFormat format, ExpertMixer? mixer = null)
    {
        Format = format;
        _coders = new ChannelCoder[format.Channels];
        _histories = new int[format.Channels][];
        for (int i = 0; i < format.Channels; i++)
        {
            _coders[i] = new ChannelCoder(format, mixer ?? ChannelCoder.MakeMixer(StartWeights.OfSound));
            _histories[i] = new int[Seen + Spare];
        }
    }

    /// <summary>What the samples are.</summary>
    internal AudioFormat Format { get; }

    /// <summary>Codes one sample of each channel.</summary>
    /// <param name="coder">Writes the samples or reads them.</param>
    /// <param name="samples">A sample a channel; filled where the coder reads.</param>
    internal void Code<TCoder>(ref TCoder coder, Span<int> samples)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        if (_start == 0)
        {
            foreach (int[] history in _histories)
            {
                history.AsSpan(0, Seen).CopyTo(history.AsSpan(Spare));
            }

            _start = Spare;
        }

        for (int i = 0; i < samples.Length; i++) // spec 13.5-1
        {
            ReadOnlySpan<int> other = i > 0
                ? _histories[i - 1].AsSpan(_start - 1)
                : samples.Length > 1 ? _histories[1].AsSpan(_start) : [];
            samples[i] = _coders[i].Code(ref coder, samples[i], _histories[i].AsSpan(_start), other);
            _histories[i][_start - 1] = samples[i];
        }

        _start--;
    }
}
