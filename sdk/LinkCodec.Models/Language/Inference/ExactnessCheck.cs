using System.Runtime.InteropServices;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Whether a network gives the bits of another one, reading at once, stepping alone and stepping among others: what a
/// device that nobody has tried must show first. spec 11.9-1
/// </summary>
internal static class ExactnessCheck
{
    private const int Stepped = 16;
    private const int Batch = 7;

    /// <summary>
    /// Reads some random tokens in all three ways: a text longer than one run takes, and short ones of several lengths.
    /// </summary>
    /// <param name="network">The network on the device.</param>
    /// <param name="reference">The network on the CPU, in the CPU's form; reads some 300 tokens.</param>
    internal static bool IsExact(Transformer network, Transformer reference)
    {
        using KvCache alone = network.CreateCache(1), group = network.CreateCache(Batch),
            known = reference.CreateCache(1);
        int stepped = Math.Min(Stepped, network.Window / 2);
        int[][] texts = [.. Enumerable.Range(0, Batch).Select(
            row => Text(network, row, Math.Min(network.Window, stepped + (row == 0 ? OnnxKvCache.ChunkLength : row))))];
        float[][] expected = new float[Batch][];
        for (int row = Batch - 1; row >= 0; row--)
        {
            known.Truncate(0, 0);
            alone.Truncate(0, 0);
            expected[row] = known.Append(0, texts[row], stepped).ToArray();
            if (!AreSame(alone.Append(0, texts[row], stepped), expected[row]))
            {
                return false;
            }

            group.Append(row, texts[row].AsSpan(0, texts[row].Length - stepped), 1);
        }

        alone.Truncate(0, texts[0].Length - stepped);
        for (int step = 0; step < stepped; step++)
        {
            ReadOnlySpan<float> logits = group.Step([.. texts.Select(text => text[text.Length - stepped + step])]);
            for (int row = 0; row < Batch; row++)
            {
                if (!AreSame(logits.Slice(row * network.Vocabulary, network.Vocabulary), Expected(row, step)))
                {
                    return false;
                }
            }

            if (!AreSame(alone.Step([texts[0][texts[0].Length - stepped + step]]), Expected(0, step)))
            {
                return false;
            }
        }

        return true;

        ReadOnlySpan<float> Expected(int row, int step) =>
            expected[row].AsSpan(step * network.Vocabulary, network.Vocabulary);
    }

    // Bits, not numbers: zero has two.
    private static bool AreSame(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static int[] Text(Transformer network, int row, int length)
    {
        uint state = (uint)row + 1;
        return [.. Enumerable.Range(0, length)
            .Select(_ => (int)(((state = (state * 1_664_525) + 1_013_904_223) >> 8) % (uint)network.Vocabulary))];
    }
}
