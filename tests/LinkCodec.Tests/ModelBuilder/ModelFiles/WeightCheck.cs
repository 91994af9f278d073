using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.Tests.Language.Store;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>Compares what files give with the model that they were written from.</summary>
internal static class WeightCheck
{
    internal static void Describes(TinyModel model, ModelConfig config)
    {
        Assert.Equal((model.Width, model.Layers, model.Heads, model.KeyValueHeads),
            (config.Width, config.Layers, config.Heads, config.KeyValueHeads));
        Assert.Equal((model.HeadWidth, model.FeedForwardWidth, model.Vocabulary, model.Context),
            (config.HeadWidth, config.FeedForwardWidth, config.Vocabulary, config.Context));
        Assert.Equal((model.IsTied, model.IsGpt2, !model.IsGpt2), (config.IsTied, config.IsLayerNorm, config.IsGated));
        Assert.Equal(model.IsGpt2 ? Activation.GeluTanh : Activation.Silu, config.Activation);
        Assert.Equal(model.IsGpt2 ? 0 : TinyModel.RotaryBase, config.RotaryBase);
        Assert.Equal(model.Epsilon, (float)config.Epsilon);
        Assert.Equal(model.Family == "qwen3", config.HasQueryKeyNorm);
        Assert.Equal(model.Family is "qwen2" or "gpt2", config.HasAttentionBias);
    }

    /// <summary>Every weight in pieces of one to three rows, and no weight more.</summary>
    internal static void Equal(TinyModel model, ModelWeights weights)
    {
        SortedDictionary<string, TinyTensor> expected = model.Weights();
        foreach ((string name, TinyTensor tensor) in expected)
        {
            string part = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            bool isPaired = weights.Config.IsRotaryInterleaved && part is "q" or "k";
            float[] numbers = (isPaired ? tensor.ToPairs(model.HeadWidth) : tensor).Numbers;
            Assert.True(weights.Has(name), name);
            Assert.Equal((tensor.Rows, tensor.Columns), weights.Dimensions(name));
            for (int row = 0,
                count = 1; row < tensor.Rows; row += count, count = Math.Min((count % 3) + 1, tensor.Rows - row))
            {
                Assert.Equal(numbers[(row * tensor.Columns)..((row + count) * tensor.Columns)],
                    Read(weights, name, row, count));
            }
        }

        foreach (string absent in new[] { "position_embedding", "output", "output_norm.bias", "0.gate", "0.q_norm",
            "0.q.bias", "0.o.bias", "0.up.bias", $"{model.Layers}.q", "qkv" })
        {
            Assert.Equal(expected.ContainsKey(absent), weights.Has(absent));
        }
    }

    internal static float[] Read(ModelWeights weights, string name, int row, int count)
    {
        float[] numbers = new float[count * weights.Dimensions(name).Columns];
        weights.Read(name, row, numbers);
        return numbers;
    }
}
