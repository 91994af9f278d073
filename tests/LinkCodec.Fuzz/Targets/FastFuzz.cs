using LinkCodec.Core.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Tiles in the fast code: any bytes are refused or decode to samples that can be coded again.</summary>
internal static class FastFuzz
{
    private static readonly MediaLimits Few = new(200);

    public static void Run(ReadOnlySpan<byte> data)
    {
        // A model is megabytes: of most inputs the header alone is read.
        if (!CubeHeader.TryRead(data, out CubeHeader header, out _) || !IsChosen(data))
        {
            return;
        }

        FastTile.Decode(data, Few, out _, out ushort[] samples);
        if (samples.Length == 0)
        {
            return;
        }

        FastTile.Decode(FastTile.Encode(header, samples), Few, out CubeHeader read, out ushort[] again);
        if (read != header || !again.AsSpan().SequenceEqual(samples))
        {
            throw new InvalidOperationException("another tile");
        }
    }

    private static bool IsChosen(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        foreach (byte value in data)
        {
            sum += value;
        }

        return sum % 16 == 0;
    }
}
