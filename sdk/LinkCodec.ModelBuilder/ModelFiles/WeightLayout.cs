using System.Globalization;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>The weights that a config calls for.</summary>
internal static class WeightLayout
{
    /// <summary>A weight by its canonical name.</summary>
    /// <param name="Layer">The layer, counted from 0; -1 outside the layers.</param>
    /// <param name="Part">The name without the layer, such as "q" or "q.bias".</param>
    /// <param name="Rows">The number of rows; 1 for a vector.</param>
    /// <param name="Columns">Numbers of a row.</param>
    /// <param name="IsRequired">Whether the model is none without it.</param>
    internal readonly record struct Weight(int Layer, string Part, int Rows, int Columns, bool IsRequired)
    {
        /// <summary>The weight's name as <see cref="ModelWeights.Read"/> takes it.</summary>
        internal string Name => Layer < 0 ? Part : string.Create(CultureInfo.InvariantCulture, $"{Layer}.{Part}");
    }

    /// <summary>The weights of a config, all of them.</summary>
    internal static IEnumerable<Weight> Of(ModelConfig d)
    {
        bool isAbsolute = d.RotaryBase == 0;
        Weight[] outside =
        [
            new(-1, "token_embedding", d.Vocabulary, d.Width, true),
            new(-1, "position_embedding", d.Context, d.Width, isAbsolute),
            new(-1, "output_norm", 1, d.Width, true),
            new(-1, "output_norm.bias", 1, d.Width, d.IsLayerNorm),
            new(-1, "output", d.Vocabulary, d.Width, !d.IsTied),
        ];
        return outside.Where(weight => weight.IsRequired)
            .Concat(Enumerable.Range(0, d.Layers).SelectMany(layer => OfLayer(d, layer)));
    }

    private static IEnumerable<Weight> OfLayer(ModelConfig d, int layer)
    {
        int queries = d.Heads * d.HeadWidth;
        int keys = d.KeyValueHeads * d.HeadWidth;
        foreach (string norm in new[] { "attention_norm", "ffn_norm" })
        {
            yield return new(layer, norm, 1, d.Width, true);
            if (d.IsLayerNorm)
            {
                yield return new(layer, norm + ".bias", 1, d.Width, true);
            }
        }

        foreach ((string part, int rows) in new[] { ("q", queries), ("k", keys), ("v", keys) })
        {
            yield return new(layer, part, rows, d.Width, true);
            if (d.HasAttentionBias)
            {
                yield return new(layer, part + ".bias", 1, rows, true);
            }
        }

        foreach (string norm in d.HasQueryKeyNorm ? new[] { "q_norm", "k_norm" } : [])
        {
            yield return new(layer, norm, 1, d.HeadWidth, true);
        }

        (string Part, int Rows, int Columns)[] rest = [("o", d.Width, queries), ("gate", d.FeedForwardWidth, d.Width),
            ("up", d.FeedForwardWidth, d.Width), ("down", d.Width, d.FeedForwardWidth)];
        foreach ((string part, int rows, int columns) in rest.Where(matrix => d.IsGated || matrix.Part != "gate"))
        {
            yield return new(layer, part, rows, columns, true);
            yield return new(layer, part + ".bias", 1, rows, d.IsLayerNorm);
        }
    }
}
