using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Quantisation;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Language.Inference;
using LinkCodec.Tests.Language.Tokenization;
using LinkCodec.Tests.ModelBuilder.ModelFiles;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Import;

/// <summary>
/// The import changes what a model computes by no more than its bytes cost, in every family; what cannot be imported is
/// one line.
/// </summary>
public sealed class LanguageImporterTests : IDisposable
{
    private const double NearErf = 2e-4;
    private static readonly int[] Text = [3, 17, 90, 4, 4, 55, 31, 8, 71, 2, 60, 12];
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("llama", true, 8)]
    [InlineData("llama", false, 12)]
    [InlineData("qwen2", false, 8)]
    [InlineData("qwen3", true, 8)]
    [InlineData("gpt2", false, 8)]
    [InlineData("gpt2-erf", false, 8)]
    public void The_rotated_model_gives_the_logits_of_the_textbook(string family, bool isInterleaved, int headWidth)
    {
        TinyModel model = new(family) { HeadWidth = headWidth };
        using MemoryWeights weights = new(model, isInterleaved);
        TransformerShape shape = ImportShape.Of(weights.Config, model.Vocabulary, 64);
        string path = Path.Combine(_folder, "floats");
        using (FileStream stream = File.Create(path))
        {
            FloatStore.Write(stream, weights.Config, shape, new WeightRotator(weights, shape, RandomSource.FromSeed(1)),
                (_, _) => { });
        }

        using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Open(path), GraphForm.Reference,
            OnnxTransformer.DefaultOptions);
        using KvCache cache = network.CreateCache(1);
        ReadOnlySpan<float> logits = cache.Append(0, Text, Text.Length);
        double[] expected = [.. new PlainTransformer(model).Logits(Text).SelectMany(row => row)];
        Assert.Equal(expected.Length, logits.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], logits[i], model.HasErf ? NearErf : 2e-3);
        }
    }

    [Fact]
    public void The_two_forms_of_gelu_are_told_apart()
    {
        double[][] erf = [.. new PlainTransformer(new TinyModel("gpt2-erf")).Logits(Text)],
            tanh = [.. new PlainTransformer(new TinyModel("gpt2")).Logits(Text)];
        Assert.True(erf.Zip(tanh, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max() > 2 * NearErf);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    public void An_import_of_every_family_costs_about_what_the_floats_cost_and_repeats_itself(string family)
    {
        TokenTable tokens = TinyVocabulary.ByteLevel().ToTable();
        TinyModel model = new(family) { Vocabulary = tokens.Count + 3 };
        using MemoryWeights weights = new(model);
        List<string> told = [];
        LanguageImportReport report = Import(weights, tokens, "one", told);
        Assert.Equal((family, 2, 32, tokens.Count, 128),
            (report.Family, report.Layers, report.Width, report.Tokens, report.Window));
        Assert.InRange(report.ExactBitsPerByte / report.FloatBitsPerByte, 0.97, 1.03);
        Assert.InRange(report.CodedBitsPerByte / report.ExactBitsPerByte, 0.99, 1.01);
        Assert.Contains("rotating layer 2 of 2", told);
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(_folder, "one"))
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["language.bin", "tokenizer.bin", "weights-table.bin"], files);

        Import(weights, tokens, "two", []);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "one", file)),
            File.ReadAllBytes(Path.Combine(_folder, "two", file))));
    }

    [Fact]
    public void A_model_with_fewer_rows_than_tokens_is_one_line()
    {
        using MemoryWeights weights = new(new TinyModel("llama"));
        LinkException fault =
            Assert.Throws<LinkException>(() => Import(weights, TinyVocabulary.ByteLevel().ToTable(), "out", []));
        Assert.Contains("and the model itself 96", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void A_model_beyond_the_limits_is_one_line()
    {
        ModelConfig config = new MemoryWeights(new TinyModel("llama")).Config;
        Assert.Equal(LinkErrorCode.LimitExceeded, Fault(config with { Layers = 1000 }, 96).Code);
        Assert.Contains("width should be at most 16384, found 65536", Fault(config with { Width = 65536 }, 96).Message,
            StringComparison.Ordinal);
        Assert.Contains("largest matrix", Fault(config with { Width = 16384, Vocabulary = 200_000 }, 200_000).Message,
            StringComparison.Ordinal);
        LinkException Fault(ModelConfig model, int tokens) =>
            Assert.Throws<LinkException>(() => ImportShape.Of(model, tokens, 64));
    }

    [Fact]
    public void An_import_that_fails_or_is_stopped_leaves_nothing()
    {
        TokenTable tokens = TinyVocabulary.ByteLevel().ToTable();
        using MemoryWeights weights = new(new TinyModel("llama") { Vocabulary = tokens.Count });
        weights.Tensors["1.down"].Numbers[5] = float.NaN;
        Assert.Throws<LinkException>(() => Import(weights, tokens, "out", []));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "out")));
        Assert.Throws<OperationCanceledException>(() =>
            LanguageImporter.Import(weights, tokens, Path.Combine(_folder, "out"), new LanguageImportOptions(),
                _ => { }, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void A_text_becomes_messages_that_are_spread_over_it()
    {
        Assert.Equal([500, 500], CalibrationText.Messages(new byte[1200]).Select(message => message.Length));
        Assert.Equal([7], CalibrationText.Messages(new byte[7]).Select(message => message.Length));
        Assert.Equal(12, CalibrationText.Messages(new byte[100_000]).Count());
        (ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> tail) = CalibrationText.Split(
            "aaa\nbbb\nc\ndddd"u8.ToArray());
        Assert.Equal((10, 4), (start.Length, tail.Length));
        (start, tail) = CalibrationText.Split(CalibrationText.Default());
        Assert.InRange((double)tail.Length / start.Length, 0.25, 0.34);
    }

    private LanguageImportReport Import(ModelWeights weights, TokenTable tokens, string name, List<string> told) =>
        LanguageImporter.Import(weights, tokens, Path.Combine(_folder, name),
            new LanguageImportOptions { Window = 200 }, told.Add, CancellationToken.None);
}
