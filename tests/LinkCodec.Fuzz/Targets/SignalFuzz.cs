using LinkCodec.Core.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Coded segments of signals: any bytes are refused or decode to samples that can be coded again.</summary>
internal static class SignalFuzz
{
    private static readonly MediaLimits Few = new(48);

    public static void Run(ReadOnlySpan<byte> data)
    {
        // A model is megabytes: of most inputs the header alone is read.
        if (!SignalHeader.TryRead(data, out SignalHeader header, out _) || !IsChosen(data))
        {
            return;
        }

        SignalSegment.Decode(data, Few, out SignalFormat format, out int[] samples);
        if (samples.Length == 0)
        {
            return;
        }

        SignalSegment.Decode(SignalSegment.Encode(format, samples), Few, out _, out int[] again);
        if (format != header.Format || !again.AsSpan().SequenceEqual(samples))
        {
            throw new InvalidOperationException("another signal");
        }
    }

    private static bool IsChosen(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        foreach (byte value in data)
        {
            sum += value;
        }

        return sum % 64 == 0;
    }
}
