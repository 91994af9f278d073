using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>Codes a signal sample by sample, all channels side by side.</summary>
/// <remarks>
/// The first channel also sees the past of the second, every other channel the past and present of the one before, and
/// the present of all before that. Memory: up to 17 MB for one channel and 64 MB for 16, of which a part has the fewer
/// samples each.
/// </remarks>
internal sealed class SignalCoder
{
    private const int OtherInputs = 8;
    private const int Seen = 16;
    private const int Spare = 1024;

    private readonly SignalChannelCoder[] _coders;
    private readonly int[][] _histories; // the last sample first
    private readonly int[] _others;
    private int _start = Spare;

    /// <summary>A coder that has learned nothing.</summary>
    /// <param name="format">What the samples are.</param>
    /// <param name="length">Samples a channel.</param>
    internal SignalCoder(SignalFormat format, int length)
    {
        _coders = new SignalChannelCoder[format.Channels];
        _histories = new int[format.Channels][];
        _others = new int[OtherInputs + format.Channels];
        for (int i = 0; i < format.Channels; i++)
        {
            _coders[i] = new SignalChannelCoder(format.BitDepth, OthersOf(i, format.Channels), length);
            _histories[i] = new int[Seen + Spare];
        }
    }

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

        for (int i = 0; i < samples.Length; i++) // spec 13.6-1
        {
            ReadOnlySpan<int> others = _others.AsSpan(0, OthersOf(i, samples.Length));
            if (!others.IsEmpty)
            {
                ReadOnlySpan<int> other = i > 0 ? _histories[i - 1].AsSpan(_start - 1) : _histories[1].AsSpan(_start);
                other[..OtherInputs].CopyTo(_others);
                for (int before = 0; before < i - 1; before++)
                {
                    _others[OtherInputs + before] = samples[i - 2 - before];
                }
            }

            samples[i] = _coders[i].Code(ref coder, samples[i], _histories[i].AsSpan(_start), others);
            _histories[i][_start - 1] = samples[i];
        }

        _start--;
    }

    private static int OthersOf(int channel, int channels) =>
        channels == 1 ? 0 : OtherInputs + Math.Max(0, channel - 1);
}
