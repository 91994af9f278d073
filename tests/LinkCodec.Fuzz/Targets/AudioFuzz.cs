using LinkCodec.Core.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Coded sounds: any bytes are refused or decode to samples that can be coded again, twice in a row.</summary>
internal static class AudioFuzz
{
    private static readonly MediaLimits Few = new(24);

    public static void Run(ReadOnlySpan<byte> data)
    {
        // A model is hundreds of kilobytes: of most inputs the header alone is read.
        AudioHeader.TryRead(data, out _, out _);
        if (!IsChosen(data))
        {
            return;
        }

        AudioDecoder decoder = new();
        decoder.Decode(data, Few, out AudioFormat format, out int[] samples);
        if (samples.Length == 0)
        {
            return;
        }

        AudioEncoder encoder = new(format);
        foreach (bool goesOn in (bool[])[false, true])
        {
            decoder.Decode(encoder.Encode(samples, goesOn), Few, out _, out int[] again);
            if (!again.AsSpan().SequenceEqual(samples))
            {
                throw new InvalidOperationException("another sound");
            }
        }
    }

    private static bool IsChosen(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        foreach (byte value in data)
        {
            sum += value;
        }

        return sum % 4 == 0;
    }
}
