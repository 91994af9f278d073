using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>What is computed in vectors equals its definition, number by number.</summary>
public sealed class VectorFormTests
{
    [Fact]
    [Spec("10.4-1")]
    public void Eight_counters_move_as_one_does()
    {
        int[] counters = new int[8];
        for (int first = 0; first < 65536; first += 8)
        {
            foreach (int bit in (int[])[0, 1])
            {
                for (int i = 0; i < 8; i++)
                {
                    counters[i] = first + i;
                }

                BitCounter.Update(ref counters[0], bit, Vector256.Create(12).WithElement(0, 15));
                for (int i = 0; i < 8; i++)
                {
                    int limit = i == 0 ? 15 : 12;
                    Assert.Equal(BitCounter.Update((ushort)(first + i), bit, limit), counters[i]);
                }
            }
        }
    }

    [Fact]
    [Spec("10.6-2")]
    [Spec("10.6-4")]
    public void The_mixer_is_its_sums()
    {
        const int Width = MixingLayout.Inputs, Sets = MixingLayout.Sets, Most = (1 << 19) - 1;
        RandomSource random = RandomSource.FromSeed(3);
        MixingMemory memory = new();
        for (int i = 0; i < memory.Weights.Length; i++)
        {
            memory.Weights[i] = Between(random, -40000, 40000) * (i % 97 == 0 ? 13 : 1);
        }

        for (int i = 0; i < memory.FinalWeights.Length; i++)
        {
            memory.FinalWeights[i] = i % MixingLayout.FinalInputs < Sets ? Between(random, -9000, 9000) : 0;
        }

        int[] weights = [.. memory.Weights], final = [.. memory.FinalWeights];
        Mixer mixer = new();
        for (int round = 0; round < 2000; round++)
        {
            int[] inputs = new int[Width], rows = new int[Sets], logits = new int[Sets];
            for (int i = 0; i < Width - 1; i++)
            {
                inputs[i] = Between(random, -2840, 2840);
                mixer.Signs[i] = Between(random, -1, 0);
                mixer.Inputs[i] = mixer.Signs[i] != 0 ? -inputs[i] : inputs[i];
            }

            for (int set = 0; set < Sets; set++)
            {
                int size = MixingLayout.SetStarts[set + 1] - MixingLayout.SetStarts[set];
                int row = Between(random, 0, size - 1);
                mixer.Select(set, row);
                rows[set] = (MixingLayout.SetStarts[set] + row) * Width;
            }

            int finalRow = Between(random, 0, MixingLayout.FinalRows - 1);
            mixer.SelectFinal(finalRow);
            mixer.Predict(memory);
            long mixed = 0;
            for (int set = 0; set < Sets; set++)
            {
                int sum = Enumerable.Range(0, Width).Sum(i => (inputs[i] * weights[rows[set] + i]) >> 6);
                logits[set] = Math.Clamp(sum >> 8, -2840, 2840);
                mixed += (long)logits[set] * final[(finalRow * MixingLayout.FinalInputs) + set];
            }

            int probability = LogisticTables.Squash((int)Math.Clamp(mixed >> 14, -2840, 2840));
            Assert.Equal(probability, mixer.Probability);
            int bit = Between(random, 0, 1), rate = Between(random, 0, 1023);
            mixer.Update(memory, bit, rate, 2);
            for (int set = 0; set < Sets; set++)
            {
                int error = (((bit << 16) - LogisticTables.Squash(logits[set])) * rate) >> 8;
                for (int i = 0; i < Width && error != 0; i++)
                {
                    ref int weight = ref weights[rows[set] + i];
                    weight = Math.Clamp(weight + (((inputs[i] * error) + (1 << 13)) >> 14), -Most, Most);
                }

                int finalError = (((bit << 16) - probability) * 2) >> 8;
                ref int last = ref final[(finalRow * MixingLayout.FinalInputs) + set];
                last = Math.Clamp(last + (((logits[set] * finalError) + (1 << 13)) >> 14), -Most, Most);
            }
        }

        Assert.Equal(weights, memory.Weights);
        Assert.Equal(final, memory.FinalWeights);
    }

    private static int Between(RandomSource random, int least, int most) =>
        least + (int)(random.NextUInt64() % (ulong)(most - least + 1));
}
