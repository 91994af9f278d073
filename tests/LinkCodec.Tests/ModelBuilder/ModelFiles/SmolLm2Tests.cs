using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.Tests.Language.Inference;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>A real file of 98 MB.</summary>
public sealed class SmolLm2Tests
{
    [SharedModelFact]
    public void The_file_is_described_as_its_readme_says()
    {
        using GgufFile file = new(MappedFile.Open(SharedModelFactAttribute.SmolLm2!));
        Assert.Equal([("F32", 61), ("Q4_1", 210), ("Q8_0", 1)], file.Tensors.Values.GroupBy(tensor => tensor.Type)
            .Select(group => (group.Key, group.Count())).Order());
        using ModelWeights weights = ModelWeights.Open(SharedModelFactAttribute.SmolLm2!);
        ModelConfig config = weights.Config;
        Assert.Equal((576, 30, 9, 3, 64, 1536), (config.Width, config.Layers, config.Heads, config.KeyValueHeads,
            config.HeadWidth, config.FeedForwardWidth));
        Assert.Equal((49152, 8192, 100_000.0, 1e-5f),
            (config.Vocabulary, config.Context, config.RotaryBase, (float)config.Epsilon));
        Assert.Equal((true, true, true, false),
            (config.IsTied, config.IsRotaryInterleaved, config.IsGated, config.HasAttentionBias));
        Assert.False(weights.Has("output"));
    }

    [SharedModelFact]
    public void The_tokenizer_is_in_the_metadata()
    {
        using GgufModel model = GgufModel.Open(SharedModelFactAttribute.SmolLm2!);
        Assert.Equal(("gpt2", "smollm"),
            (model.Metadata.Text("tokenizer.ggml.model"), model.Metadata.Text("tokenizer.ggml.pre")));
        Assert.Equal(49152, model.Metadata.Texts("tokenizer.ggml.tokens")!.Length);
        Assert.Equal("\u0120 t", model.Metadata.Texts("tokenizer.ggml.merges")![0]);
        Assert.Equal(1, model.Metadata.Integer("tokenizer.ggml.bos_token_id"));
    }

    [SharedModelFact]
    public void Every_weight_is_finite_and_of_a_weights_size()
    {
        using ModelWeights weights = ModelWeights.Open(SharedModelFactAttribute.SmolLm2!);
        double squares = 0;
        long count = 0;
        foreach (string name in WeightLayout.Of(weights.Config).Select(weight => weight.Name).Where(weights.Has))
        {
            (int rows, int columns) = weights.Dimensions(name);
            float[] numbers = WeightCheck.Read(weights, name, 0, rows);
            squares += numbers.Sum(number => (double)number * number);
            count += (long)rows * columns;
        }

        Assert.Equal(134_515_008, count);
        Assert.InRange(squares / count, 0.001, 0.1);
    }
}
