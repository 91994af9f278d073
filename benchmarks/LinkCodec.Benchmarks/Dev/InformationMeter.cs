using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Asks the model what messages are worth, apart from the codec: a second prediction, its logarithms added up.
/// </summary>
internal static class InformationMeter
{
    private const int Group = 64;

    public static Information Of(Predictor model, IEnumerable<byte[]> messages, int threads)
    {
        byte[][][] groups = [.. messages.OrderByDescending(message => message.Length).Chunk(Group)];
        Information[] parts = new Information[groups.Length];
        Parallel.For(0, groups.Length, new ParallelOptions { MaxDegreeOfParallelism = threads },
            g => parts[g] = OfGroup(model, groups[g]));
        return parts.Aggregate(new Information(), (sum, part) => sum + part);
    }

    // Longest first, so that the lanes which have ended are always the last ones.
    private static Information OfGroup(Predictor model, byte[][] messages)
    {
        using PredictorLanes lanes = model.CreateLanes(messages.Length);
        return lanes is DistributionLanes distributions
            ? OfWeights(model, distributions, messages)
            : OfDecisions(model, lanes, messages);
    }

    // Decisions have no weights before them: both sums are theirs.
    private static Information OfDecisions(Predictor model, PredictorLanes lanes, byte[][] messages)
    {
        DecisionList decisions = new(model.FrequencyBits);
        int[] symbols = new int[messages.Length];
        double bits = 0;
        for (int lane = 0; lane < messages.Length; lane++)
        {
            lanes.BeginEncode(lane, messages[lane], ContentHint.Auto, null, decisions);
        }

        int active = messages.Length;
        for (int at = 0; active > 0; at++)
        {
            int going = 0;
            for (int lane = 0; lane < active; lane++)
            {
                bool ends = at == messages[lane].Length;
                symbols[lane] = ends ? Predictor.EndSymbol : messages[lane][at];
                going += ends ? 0 : 1;
                lanes.Encode(lane, symbols[lane], decisions);
            }

            foreach (Decision decision in decisions.Items)
            {
                bits += model.FrequencyBits - Math.Log2(decision.Frequency);
            }

            decisions.Clear();
            active = going;
            if (active > 0)
            {
                lanes.Step(symbols.AsSpan(0, active));
            }
        }

        return new Information(bits, bits, 0);
    }

    private static Information OfWeights(Predictor model, DistributionLanes lanes, byte[][] messages)
    {
        int alphabet = model.AlphabetSize;
        FrequencyQuantiser quantiser = new(alphabet, model.FrequencyBits);
        uint[] weights = new uint[messages.Length * alphabet];
        int[] symbols = new int[messages.Length];
        for (int lane = 0; lane < messages.Length; lane++)
        {
            lanes.Start(lane, weights.AsSpan(lane * alphabet, alphabet));
        }

        Information sum = new();
        int active = messages.Length;
        for (int at = 0; active > 0; at++)
        {
            int going = 0;
            for (int lane = 0; lane < active; lane++)
            {
                bool ends = at == messages[lane].Length;
                symbols[lane] = ends ? Predictor.EndSymbol : messages[lane][at];
                going += ends ? 0 : 1;
                sum += OfSymbol(weights.AsSpan(lane * alphabet, alphabet), symbols[lane], quantiser);
            }

            active = going;
            if (active > 0)
            {
                lanes.Step(symbols.AsSpan(0, active), weights.AsSpan(0, active * alphabet));
            }
        }

        return sum;
    }

    private static Information OfSymbol(ReadOnlySpan<uint> weights, int symbol, FrequencyQuantiser quantiser)
    {
        quantiser.Load(weights);
        (uint _, uint frequency) = quantiser.Interval(symbol);
        double quantised = quantiser.Bits - Math.Log2(frequency);
        ulong total = 0;
        foreach (uint weight in weights)
        {
            total += weight;
        }

        return weights[symbol] == 0
            ? new Information(quantised, quantised, 1)
            : new Information(Math.Log2(total) - Math.Log2(weights[symbol]), quantised, 0);
    }
}
