using LinkCodec.Core.Prediction;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>The cost of messages with a network, each from an empty cache.</summary>
/// <param name="Bytes">The bytes of all messages.</param>
/// <param name="ModelBits">The messages' cost in bits by the network's logits alone.</param>
/// <param name="CodedBits">The messages' cost in bits by the integer frequencies that are coded with.</param>
internal readonly record struct CrossEntropy(long Bytes, double ModelBits, double CodedBits)
{
    private const int FrequencyBits = 24;

    /// <summary>
    /// Adds up messages. Tokens past the window, and bytes that no token spells, are left out of bytes and bits.
    /// </summary>
    internal static CrossEntropy Measure(Transformer network, BytePairTokenizer tokenizer,
        IReadOnlyList<ReadOnlyMemory<byte>> messages, WeightsTable table, Action<int, int> done)
    {
        IntegerSoftmax toWeights = new(table, []);
        FrequencyQuantiser quantiser = new(network.Vocabulary, FrequencyBits);
        uint[] weights = new uint[network.Vocabulary];
        using KvCache cache = network.CreateCache(1);
        CrossEntropy sum = default;
        for (int i = 0; i < messages.Count; i++)
        {
            done(i, messages.Count);
            List<int> encoded = [];
            tokenizer.Encode(messages[i].Span, encoded);
            int[] tokens = [tokenizer.BeginToken, .. encoded.Where(token => token >= 0).Take(network.Window - 1)];
            cache.Truncate(0, 0);
            for (int first = 0; first < tokens.Length - 1; first += OnnxKvCache.ChunkLength)
            {
                int count = Math.Min(OnnxKvCache.ChunkLength, tokens.Length - 1 - first);
                ReadOnlySpan<float> logits = cache.Append(0, tokens.AsSpan(first, count), count);
                for (int k = 0; k < count; k++)
                {
                    ReadOnlySpan<float> row = logits.Slice(k * network.Vocabulary, network.Vocabulary);
                    int token = tokens[first + k + 1];
                    toWeights.Fill(row, first + k + 1, weights, out _);
                    quantiser.Load(weights);
                    sum = new CrossEntropy(sum.Bytes + tokenizer.Bytes(token).Length, sum.ModelBits + Bits(row, token),
                        sum.CodedBits + Bits(quantiser.Interval(token).Frequency));
                }
            }
        }

        return sum;
    }

    /// <summary>Bits of the model for a byte.</summary>
    internal double ModelBitsPerByte => ModelBits / Bytes;

    /// <summary>Coded bits for a byte.</summary>
    internal double CodedBitsPerByte => CodedBits / Bytes;

#pragma warning disable RS0030 // A report for people.
    private static double Bits(ReadOnlySpan<float> logits, int token)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return (Math.Log(sum) + largest - logits[token]) / Math.Log(2);
    }

    private static double Bits(uint frequency) => FrequencyBits - Math.Log2(frequency);
#pragma warning restore RS0030
}
