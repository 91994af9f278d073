using System.Buffers.Binary;
using LinkCodec.Core.Prediction;
using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>Runs a probe through one lane of a group and hashes the frequencies that this lane gives.</summary>
internal static class FingerprintProbe
{
    // spec 6.4-1
    public static NumericFingerprint Run(Predictor predictor, int frequencyBits, ReadOnlySpan<byte> probe, int lanes, int watched)
    {
        int alphabet = predictor.AlphabetSize;
        FrequencyQuantiser quantiser = new(alphabet, frequencyBits);
        uint[] weights = new uint[lanes * alphabet];
        byte[] table = new byte[alphabet * sizeof(uint)];
        int[] symbols = new int[lanes];
        IncrementalHash.Initialize(HashAlgorithm.Blake2b_256, out IncrementalHash hash);
        using PredictorLanes group = predictor.CreateLanes(lanes);
        for (int lane = 0; lane < lanes; lane++)
        {
            group.Start(lane, Row(weights, alphabet, lane));
        }

        Absorb(quantiser, Row(weights, alphabet, watched), table, ref hash);
        foreach (byte symbol in probe)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                symbols[lane] = (byte)(symbol + (37 * (lane - watched))); // The neighbours run through other text.
            }

            group.Step(symbols, weights);
            Absorb(quantiser, Row(weights, alphabet, watched), table, ref hash);
        }

        return new NumericFingerprint(IncrementalHash.Finalize(ref hash));
    }

    private static Span<uint> Row(uint[] weights, int alphabet, int lane) => weights.AsSpan(lane * alphabet, alphabet);

    private static void Absorb(FrequencyQuantiser quantiser, ReadOnlySpan<uint> weights, Span<byte> table, ref IncrementalHash hash)
    {
        quantiser.Load(weights);
        uint before = 0;
        for (int symbol = 0; symbol < weights.Length; symbol++)
        {
            uint after = quantiser.Cumulative(symbol + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(table[(4 * symbol)..], after - before);
            before = after;
        }

        IncrementalHash.Update(ref hash, table);
    }
}
