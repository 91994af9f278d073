using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Tests.Language.Store;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Tests.Language.Inference;

public class OnnxTransformerTests
{
    private static readonly GraphOptions Plain = OnnxTransformer.DefaultOptions;

    public static TheoryData<string> Families => ["llama", "gpt2", "qwen3", "qwen2"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Steps_chunks_and_one_append_give_the_same_bits(string family)
    {
        using OnnxTransformer network = Load(Shape(family));
        int[] text = TinyStore.Text(Shape(family), 150, 5); // longer than a chunk
        float[] whole = All(network, text, text.Length);
        Assert.Equal(whole, All(network, text, 1));
        Assert.Equal(whole, All(network, text, 17));
        using KvCache cache = network.CreateCache(1);
        Assert.Equal(whole[^(140 * network.Vocabulary)..], cache.Append(0, text, 140).ToArray());

    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Rows_of_any_batch_and_order_give_the_bits_of_a_row_alone(string family)
    {
        TransformerShape shape = Shape(family);
        using OnnxTransformer network = Load(shape);
        foreach (int rows in (int[])[7, 32])
        {
            using KvCache cache = network.CreateCache(rows);
            int[][] texts = [.. Enumerable.Range(0, rows).Select(r => TinyStore.Text(shape, 30 + r, r % 5))];
            for (int row = rows - 1; row >= 0; row--)
            {
                cache.Append(row, texts[row].AsSpan(0, 10 + row), 1); // lengths differ
            }

            List<float>[] logits = [.. texts.Select(_ => new List<float>())];
            for (int step = 0; step < 20; step++)
            {
                ReadOnlySpan<float> all = cache.Step([.. texts.Select((text, row) => text[10 + row + step])]);
                for (int row = 0; row < rows; row++)
                {
                    logits[row].AddRange(all.Slice(row * network.Vocabulary, network.Vocabulary));
                }
            }

            foreach (int row in (int[])[0, 3, rows - 1])
            {
                Assert.Equal(All(network, texts[row], texts[row].Length)[^(20 * network.Vocabulary)..], logits[row]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_form_optimisation_and_thread_count_gives_the_same_bits(string family)
    {
        TransformerShape shape = Shape(family);
        byte[] store = new TinyStore(shape).Exact();
        int[] text = TinyStore.Text(shape, 60, 6);
        float[]? first = null;
        foreach (GraphForm form in (GraphForm[])[GraphForm.UInt8, GraphForm.Int8, GraphForm.Float])
        {
            foreach (GraphOptimizationLevel level in (GraphOptimizationLevel[])[GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimizationLevel.ORT_ENABLE_EXTENDED, GraphOptimizationLevel.ORT_ENABLE_ALL])
            {
                using OnnxTransformer network = Load(store, form, Plain with
                {
                    Optimisation = level,
                    Threads = level == GraphOptimizationLevel.ORT_ENABLE_ALL ? 2 : 1,
                    Arena = level != GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                });
                float[] logits = All(network, text, level == GraphOptimizationLevel.ORT_ENABLE_ALL ? 1 : text.Length);
                Assert.Equal(first ??= logits, logits);
            }
        }
    }

    [Theory]
    [InlineData(60f, 1f)]
    [InlineData(1f, 0.02f)]
    [InlineData(1f, 1000f)]
    public void Saturated_weights_activations_and_caches_change_nothing_about_that(float loud, float ranges)
    {
        byte[] store = new TinyStore(TinyStore.Llama, 3, loud).Exact(ranges);
        int[] text = TinyStore.Text(TinyStore.Llama, 40, 7);
        using OnnxTransformer fast = Load(store, GraphForm.UInt8, Plain),
            signed = Load(store, GraphForm.Int8, Plain with { Optimisation = GraphOptimizationLevel.ORT_ENABLE_ALL });
        float[] logits = All(fast, text, text.Length);
        Assert.All(logits, l => Assert.True(float.IsFinite(l)));
        Assert.Equal(logits, All(fast, text, 1));
        Assert.Equal(logits, All(signed, text, 9));
    }

    [Fact]
    public void What_lies_behind_a_row_and_how_many_columns_there_are_change_nothing()
    {
        using OnnxTransformer network = Load(TinyStore.Llama);
        int[] text = TinyStore.Text(TinyStore.Llama, 20, 8), other = TinyStore.Text(TinyStore.Llama, 140, 9);
        float[] alone = All(network, text, text.Length);
        using OnnxKvCache cache = network.CreateGraphCache(2);
        cache.Append(0, other, 1);
        cache.Truncate(0, 0);
        cache.Append(1, other.AsSpan(0, 130), 1); // keeps the columns many
        Assert.Equal(alone, cache.Append(0, text, text.Length).ToArray());
        Assert.Equal(TinyStore.Llama.Window, cache.Columns);
        cache.Truncate(1, 0);
        cache.Truncate(0, 19);
        Assert.Equal(alone[^network.Vocabulary..], cache.Append(0, text.AsSpan(19), 1).ToArray());
        Assert.Equal(32, cache.Columns);
    }

    [Fact]
    public void Copied_rows_go_on_like_the_original_and_rows_left_out_stay()
    {
        using OnnxTransformer network = Load(TinyStore.Llama);
        int[] text = TinyStore.Text(TinyStore.Llama, 80, 10);
        float[] alone = All(network, text, text.Length);
        using KvCache one = network.CreateCache(1), three = network.CreateCache(3);
        one.Append(0, text.AsSpan(0, 70), 1);
        three.Append(1, text.AsSpan(0, 5), 1);
        three.CopyRow(one, 0, 2);
        three.CopyRow(three, 2, 0);
        Assert.Equal(70, three.Length(0));
        ReadOnlySpan<float> logits = three.Step([text[70], -1, text[70]]);
        Assert.Equal(alone[(70 * 300)..(71 * 300)], logits[..300].ToArray());
        Assert.Equal(alone[(70 * 300)..(71 * 300)], logits[600..].ToArray());
        Assert.Equal(5, three.Length(1));
        Assert.Equal(alone[(5 * 300)..(6 * 300)], three.Append(1, text.AsSpan(5, 1), 1).ToArray());
    }

    [Fact]
    public void Caches_of_one_network_run_side_by_side_and_outlive_it()
    {
        OnnxTransformer network = Load(TinyStore.Llama);
        int[] text = TinyStore.Text(TinyStore.Llama, 100, 11);
        float[] alone = All(network, text, text.Length);
        KvCache[] caches = [network.CreateCache(1), network.CreateCache(1), network.CreateCache(1)];
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.CreateCache(1));
        Parallel.ForEach(caches, cache =>
        {
            for (int repeat = 0; repeat < 5; repeat++)
            {
                cache.Truncate(0, 0);
                Assert.Equal(alone, cache.Append(0, text, text.Length).ToArray());
            }

            cache.Dispose();
        });
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_exact_graph_is_near_the_float_one(string family)
    {
        TransformerShape shape = Shape(family);
        using OnnxTransformer exact = Load(shape),
            reference = Load(new TinyStore(shape).Float(), GraphForm.Reference, Plain);
        int[] text = TinyStore.Text(shape, 100, 12);
        float[] got = All(exact, text, text.Length), wanted = All(reference, text, text.Length);
        double error = got.Zip(wanted, (g, w) => (double)(g - w) * (g - w)).Sum() / wanted.Sum(w => (double)w * w);
        Assert.InRange(Math.Sqrt(error), 1e-4, 0.04);
        // order of float sums alone
        Assert.InRange(All(reference, text, 1).Zip(wanted, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);
    }

    [Fact]
    public void Tokens_beyond_the_vocabulary_or_the_window_are_the_callers_mistake()
    {
        using OnnxTransformer network = Load(TinyStore.Llama);
        using KvCache cache = network.CreateCache(2);
        int[] full = TinyStore.Text(TinyStore.Llama, TinyStore.Llama.Window, 13);
        cache.Append(0, full, 1);
        Assert.Throws<ArgumentException>(() => cache.Append(0, [1], 1).Length);
        Assert.Throws<ArgumentException>(() => cache.Step([1, 1]).Length);
        Assert.Equal(2 * 300, cache.Step([-1, 1]).Length); // a full row that is left out is no mistake
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(1, [300], 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(1, [-1], 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(1, [1], 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(1, 2));
        Assert.Equal(1, cache.Length(1));
    }

    [Fact]
    public void A_store_of_floats_is_no_exact_one()
    {
        byte[] store = new TinyStore(TinyStore.Llama).Float();
        LinkException error = Assert.Throws<LinkException>(() => Load(store, GraphForm.UInt8, Plain));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, error.Code);
    }

    private static TransformerShape Shape(string family) => family switch
    {
        "llama" => TinyStore.Llama,
        "gpt2" => TinyStore.Gpt2,
        "qwen3" => TinyStore.Qwen3,
        _ => TinyStore.Qwen2,
    };

    private static OnnxTransformer Load(TransformerShape shape) =>
        Load(new TinyStore(shape).Exact(), GraphForm.UInt8, Plain);

    private static OnnxTransformer Load(byte[] store, GraphForm form, GraphOptions options) =>
        OnnxTransformer.Load(TensorStoreReader.Read(store, "tiny"), form, options);

    /// <summary>The logits of every position, read so many tokens at a time; one at a time by steps.</summary>
    private static float[] All(OnnxTransformer network, int[] text, int chunk)
    {
        using KvCache cache = network.CreateCache(1);
        List<float> all = [];
        for (int at = 0; at < text.Length; at += chunk)
        {
            ReadOnlySpan<int> tokens = text.AsSpan(at, Math.Min(chunk, text.Length - at));
            all.AddRange(chunk == 1 ? cache.Step(tokens) : cache.Append(0, tokens, tokens.Length));
        }

        return [.. all];
    }
}
