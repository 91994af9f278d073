using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.Prediction;

/// <summary>Runs a predictor over streams and hashes every weight that it gives.</summary>
internal static class PredictorRun
{
    private const ulong Basis = 0xCBF2_9CE4_8422_2325; // FNV-1a

    /// <summary>One hash for each stream; the streams are of one length and run as one batch.</summary>
    public static ulong[] Hash(Predictor predictor, int[][] streams)
    {
        int n = predictor.AlphabetSize;
        using var lanes = (DistributionLanes)predictor.CreateLanes(streams.Length);
        uint[] weights = new uint[streams.Length * n];
        int[] symbols = new int[streams.Length];
        ulong[] hashes = new ulong[streams.Length];
        for (int lane = 0; lane < streams.Length; lane++)
        {
            lanes.Start(lane, weights.AsSpan(lane * n, n));
            hashes[lane] = Add(Basis, weights.AsSpan(lane * n, n));
        }

        for (int i = 0; i < streams[0].Length; i++)
        {
            for (int lane = 0; lane < streams.Length; lane++)
            {
                symbols[lane] = streams[lane][i];
            }

            lanes.Step(symbols, weights);
            for (int lane = 0; lane < streams.Length; lane++)
            {
                hashes[lane] = Add(hashes[lane], weights.AsSpan(lane * n, n));
            }
        }

        return hashes;
    }

    /// <summary>Starts lane 0, steps it alone, and leaves its last weights.</summary>
    public static void Feed(DistributionLanes lanes, ReadOnlySpan<int> symbols, Span<uint> weights)
    {
        lanes.Start(0, weights);
        foreach (int symbol in symbols)
        {
            lanes.Step([symbol], weights);
        }
    }

    private static ulong Add(ulong hash, ReadOnlySpan<uint> weights)
    {
        foreach (uint weight in weights)
        {
            hash = (hash ^ weight) * 0x0000_0100_0000_01B3;
        }

        return hash;
    }
}
