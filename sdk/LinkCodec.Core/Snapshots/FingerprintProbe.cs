using System.Buffers.Binary;
using LinkCodec.Core.Prediction;
using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>Runs a probe through one lane of a group and hashes the numbers that this lane is coded with.</summary>
internal static class FingerprintProbe
{
    private const byte Separator = 0x1E;

    public static NumericFingerprint Run(Predictor predictor, int frequencyBits, ReadOnlySpan<byte> probe, int lanes, int watched)
    {
        using PredictorLanes group = predictor.CreateLanes(lanes);
        return group is DistributionLanes distributions
            ? OfFrequencies(distributions, predictor.AlphabetSize, frequencyBits, probe, lanes, watched)
            : OfDecisions(predictor, group, probe, lanes, watched);
    }

    // spec 6.4-1
    private static NumericFingerprint OfFrequencies(
        DistributionLanes group, int alphabet, int frequencyBits, ReadOnlySpan<byte> probe, int lanes, int watched)
    {
        FrequencyQuantiser quantiser = new(alphabet, frequencyBits);
        uint[] weights = new uint[lanes * alphabet];
        byte[] table = new byte[alphabet * sizeof(uint)];
        int[] symbols = new int[lanes];
        IncrementalHash.Initialize(HashAlgorithm.Blake2b_256, out IncrementalHash hash);
        for (int lane = 0; lane < lanes; lane++)
        {
            group.Start(lane, Row(weights, alphabet, lane));
        }

        Absorb(quantiser, Row(weights, alphabet, watched), table, ref hash);
        foreach (byte symbol in probe)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                symbols[lane] = Neighbour(symbol, lane, watched);
            }

            group.Step(symbols, weights);
            Absorb(quantiser, Row(weights, alphabet, watched), table, ref hash);
        }

        return new NumericFingerprint(IncrementalHash.Finalize(ref hash));
    }

    // spec 6.4-3
    private static NumericFingerprint OfDecisions(Predictor predictor, PredictorLanes group, ReadOnlySpan<byte> probe, int lanes, int watched)
    {
        IncrementalHash.Initialize(HashAlgorithm.Blake2b_256, out IncrementalHash hash);
        AbsorbMessages(predictor, group, null, probe, lanes, watched, ref hash);
        if (predictor.CreateContext() is StreamContext context)
        {
            foreach (Range message in probe.Split(Separator))
            {
                context.Absorb(probe[message]);
            }

            AbsorbMessages(predictor, group, context, probe, lanes, watched, ref hash);
        }

        return new NumericFingerprint(IncrementalHash.Finalize(ref hash));
    }

    private static void AbsorbMessages(
        Predictor predictor, PredictorLanes group, StreamContext? context, ReadOnlySpan<byte> probe, int lanes, int watched, ref IncrementalHash hash)
    {
        foreach (Range message in probe.Split(Separator))
        {
            AbsorbDecisions(predictor, group, context, probe[message], lanes, watched, ref hash);
        }
    }

    private static void AbsorbDecisions(
        Predictor predictor, PredictorLanes group, StreamContext? context, ReadOnlySpan<byte> message, int lanes, int watched, ref IncrementalHash hash)
    {
        DecisionList decisions = new(predictor.FrequencyBits);
        DecisionList others = new(predictor.FrequencyBits);
        byte[][] texts = new byte[lanes][];
        int[] symbols = new int[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            texts[lane] = new byte[message.Length];
            for (int i = 0; i < message.Length; i++)
            {
                texts[lane][i] = Neighbour(message[i], lane, watched);
            }

            group.BeginEncode(lane, texts[lane], ContentHint.Auto, context, lane == watched ? decisions : others);
        }

        for (int i = 0; i < message.Length; i++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                symbols[lane] = texts[lane][i];
                group.Encode(lane, symbols[lane], lane == watched ? decisions : others);
            }

            others.Clear();
            group.Step(symbols);
        }

        group.Encode(watched, Predictor.EndSymbol, decisions);
        byte[] bytes = new byte[2 * sizeof(uint)];
        foreach (Decision decision in decisions.Items)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, decision.Cumulative);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint)), decision.Frequency);
            IncrementalHash.Update(ref hash, bytes);
        }
    }

    // The neighbours run through other text.
    private static byte Neighbour(byte symbol, int lane, int watched) => (byte)(symbol + (37 * (lane - watched)));

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
