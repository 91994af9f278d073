using System.Buffers.Binary;
using LinkCodec.Core.Prediction;
using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>Runs a probe through one lane of a group and hashes the numbers that this lane is coded with.</summary>
internal static class FingerprintProbe
{
    private const byte Separator = 0x1E;

    public static NumericFingerprint Run(Predictor predictor, int frequencyBits, ReadOnlySpan<byte> probe,
        int lanes, int watched)
    {
        using PredictorLanes group = predictor.CreateLanes(lanes);
        return group is DistributionLanes distributions
            ? OfFrequencies(distributions, predictor.AlphabetSize, frequencyBits, probe, lanes, watched)
            : OfDecisions(predictor, group, probe, lanes, watched);
    }

    /// <summary>
    /// Whether what one lane encodes comes out of five lanes that are decoded together, each of another message of the
    /// probe.
    /// </summary>
    /// <remarks>
    /// A predictor whose encoder is stepped as its decoder is has shown that by its numbers: it takes no work here.
    /// </remarks>
    public static bool Decodes(Predictor predictor, ReadOnlySpan<byte> probe, int lanes) // spec 6.4-4
    {
        List<(byte[] Text, byte[] Code)> messages = [];
        using (PredictorLanes alone = predictor.CreateLanes(1))
        {
            foreach (Range range in probe.Split(Separator))
            {
                byte[] text = probe[range].ToArray();
                if (alone is DistributionLanes || !TryEncode(predictor, alone, text, out byte[] code))
                {
                    return true;
                }

                messages.Add((text, code));
            }
        }

        if (messages.All(message => message.Text.Length == 0))
        {
            return true; // without any message nothing was read ahead
        }

        using PredictorLanes group = predictor.CreateLanes(lanes);
        return messages.Chunk(lanes).All(some => Decodes(predictor, group, some));
    }

    // False where the encoder has to be stepped.
    private static bool TryEncode(Predictor predictor, PredictorLanes lanes, byte[] text, out byte[] code)
    {
        DecisionList decisions = new(predictor.FrequencyBits);
        lanes.BeginEncode(0, text, ContentHint.Auto, null, decisions);
        foreach (byte symbol in text)
        {
            lanes.Encode(0, symbol, decisions);
            if (lanes.NeedsStep(0))
            {
                code = [];
                return false;
            }
        }

        lanes.Encode(0, Predictor.EndSymbol, decisions);
        code = decisions.Finish().ToArray();
        return true;
    }

    private static bool Decodes(Predictor predictor, PredictorLanes group, (byte[] Text, byte[] Code)[] messages)
    {
        OpenCode[] codes = [.. messages.Select(m => new OpenCode(m.Code, predictor.FrequencyBits))];
        int[] places = new int[messages.Length];
        int[] symbols = new int[messages.Length];
        for (int lane = 0; lane < messages.Length; lane++)
        {
            DecisionReader reader = codes[lane].Reader();
            group.BeginDecode(lane, null, ref reader);
        }

        while (symbols.Any(symbol => symbol != Predictor.EndSymbol))
        {
            for (int lane = 0; lane < messages.Length; lane++)
            {
                byte[] text = messages[lane].Text;
                DecisionReader reader = codes[lane].Reader();
                while (symbols[lane] != Predictor.EndSymbol)
                {
                    symbols[lane] = group.Decode(lane, ref reader);
                    int expected = places[lane] == text.Length ? Predictor.EndSymbol : text[places[lane]++];
                    if (symbols[lane] != expected)
                    {
                        return false;
                    }

                    if (symbols[lane] != Predictor.EndSymbol && group.NeedsStep(lane))
                    {
                        break;
                    }
                }
            }

            group.Step(symbols);
        }

        return true;
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
    private static NumericFingerprint OfDecisions(Predictor predictor, PredictorLanes group, ReadOnlySpan<byte> probe,
        int lanes, int watched)
    {
        IncrementalHash.Initialize(HashAlgorithm.Blake2b_256, out IncrementalHash hash);
        AbsorbMessages(predictor, group, null, probe, lanes, watched, ref hash);
        using StreamContext? context = predictor.CreateContext();
        if (context is not null)
        {
            Read(predictor, probe, context);

            AbsorbMessages(predictor, group, context, probe, lanes, watched, ref hash);
        }

        return new NumericFingerprint(IncrementalHash.Finalize(ref hash));
    }

    // Codes the messages one behind the other, and keeps what is learned.
    private static void Read(Predictor predictor, ReadOnlySpan<byte> probe, StreamContext context)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList decisions = new(predictor.FrequencyBits);
        bool goesOn = false;
        foreach (Range range in probe.Split(Separator))
        {
            ReadOnlySpan<byte> message = probe[range];
            if (goesOn)
            {
                lanes.ContinueEncode(0, message, ContentHint.Auto, decisions);
            }
            else
            {
                lanes.BeginEncode(0, message, ContentHint.Auto, null, decisions);
            }

            foreach (byte symbol in message)
            {
                lanes.Encode(0, symbol, decisions);
                lanes.Step([symbol]);
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
            goesOn = true;
        }

        lanes.Save(0, context);
    }

    private static void AbsorbMessages(
        Predictor predictor, PredictorLanes group, StreamContext? context, ReadOnlySpan<byte> probe, int lanes,
        int watched, ref IncrementalHash hash)
    {
        foreach (Range message in probe.Split(Separator))
        {
            AbsorbDecisions(predictor, group, context, probe[message], lanes, watched, ref hash);
        }
    }

    private static void AbsorbDecisions(
        Predictor predictor, PredictorLanes group, StreamContext? context, ReadOnlySpan<byte> message, int lanes,
        int watched, ref IncrementalHash hash)
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

    private static void Absorb(FrequencyQuantiser quantiser, ReadOnlySpan<uint> weights, Span<byte> table,
        ref IncrementalHash hash)
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
