using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>The logits of a real model: the same bits whatever runs it and however its tokens come.</summary>
public sealed class SmolLm2ExactnessTests : IDisposable
{
    private const int Ahead = 10; // tokens that rows of a batch have read before they are stepped together
    private const int Own = 3; // the row of a batch that has the text

    private static readonly (GraphOptimizationLevel Level, int Threads)[] Ways =
    [
        (GraphOptimizationLevel.ORT_DISABLE_ALL, 1), (GraphOptimizationLevel.ORT_DISABLE_ALL, 2),
        (GraphOptimizationLevel.ORT_ENABLE_BASIC, 1), (GraphOptimizationLevel.ORT_ENABLE_EXTENDED, 2),
        (GraphOptimizationLevel.ORT_ENABLE_ALL, 1), (GraphOptimizationLevel.ORT_ENABLE_ALL, 2),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-smollm2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedModelFact]
    [Trait("Category", "Long")]
    [Spec("11.9-1")]
    public void Forms_optimisations_threads_batches_and_steps_change_no_bit()
    {
        LanguageImporter.Import(SharedModelFactAttribute.SmolLm2!, _folder, new LanguageImportOptions { Window = 64 },
            _ => { }, CancellationToken.None);
        BytePairTokenizer tokenizer = new(
            TokenizerFile.Read(File.ReadAllBytes(Path.Combine(_folder, "tokenizer.bin")), "tokenizer.bin"));
        List<int> text = [tokenizer.BeginToken];
        tokenizer.Encode("The wind at 1,200 m is 17.5 kn from the north; {\"ok\":true}\nn\u00e6xt"u8, text);
        int[] tokens = [.. text];
        float[]? expected = null;
        foreach (GraphForm form in (GraphForm[])[GraphForm.UInt8, GraphForm.Int8, GraphForm.Float])
        {
            foreach ((GraphOptimizationLevel level, int threads) in Ways)
            {
                string way = $"{form}, {level}, {threads} threads";
                GraphOptions options = OnnxTransformer.DefaultOptions with { Optimisation = level, Threads = threads };
                using OnnxTransformer network = OnnxTransformer.Load(
                    TensorStoreReader.Open(Path.Combine(_folder, "language.bin")), form, options);
                using KvCache cache = network.CreateCache(1);
                float[] all = cache.Append(0, tokens, tokens.Length).ToArray();
                expected ??= all;
                Assert.True(expected.AsSpan().SequenceEqual(all), way);
                cache.Truncate(0, 0);
                for (int i = 0; i < tokens.Length; i++)
                {
                    Assert.True(Row(expected, network, i).SequenceEqual(cache.Step([tokens[i]])), $"{way}, step {i}");
                }

                Assert.True(IsSameInBatch(network, tokens, expected, 7), $"{way}, batch 7");
                Assert.True(IsSameInBatch(network, tokens, expected, 32), $"{way}, batch 32");
            }
        }
    }

    // The other rows have other tokens and other lengths.
    private static bool IsSameInBatch(OnnxTransformer network, int[] tokens, float[] expected, int rows)
    {
        using KvCache cache = network.CreateCache(rows);
        for (int row = 0; row < rows; row++)
        {
            cache.Append(row, row == Own ? tokens.AsSpan(0, Ahead) : tokens.AsSpan(row % 5, 1 + (row % 7)), 1);
        }

        int[] step = new int[rows];
        for (int i = Ahead; i < Ahead + 3; i++)
        {
            for (int row = 0; row < rows; row++)
            {
                step[row] = tokens[row == Own ? i : (i + row) % tokens.Length];
            }

            if (!Row(expected, network, i)
                .SequenceEqual(cache.Step(step).Slice(Own * network.Vocabulary, network.Vocabulary)))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<float> Row(float[] logits, OnnxTransformer network, int position) =>
        logits.AsSpan(position * network.Vocabulary, network.Vocabulary);
}
