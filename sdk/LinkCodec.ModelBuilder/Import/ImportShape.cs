using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.Models.Language;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>
/// Derives the shape of the exact network from a model's config, which was checked when it was opened.
/// </summary>
internal static class ImportShape
{
    /// <summary>The shape, within what is run.</summary>
    /// <param name="model">The config.</param>
    /// <param name="tokens">Tokens of the tokenizer; where the model has more rows than that, nothing ever asks for the
    /// others.</param>
    /// <param name="window">Positions wanted; fewer where the model was made for fewer.</param>
    /// <exception cref="LinkException">LimitExceeded: the model is larger or smaller than what is run. Malformed: it
    /// has fewer rows than tokens.</exception>
    internal static TransformerShape Of(ModelConfig model, int tokens, int window)
    {
        Check("width", model.Width, TransformerLimits.Width);
        Check("layers", model.Layers, TransformerLimits.Layers);
        Check("heads", model.Heads, TransformerLimits.Heads);
        Check("head width", model.HeadWidth, TransformerLimits.HeadWidth);
        Check("feed-forward width", model.FeedForwardWidth, TransformerLimits.FeedForwardWidth);
        Check("tokens", tokens, TransformerLimits.Vocabulary);
        // a tensor of a store holds no more numbers than this
        Check("largest matrix, in numbers", (long)model.Width * tokens, Array.MaxLength / sizeof(float));
        if (model.Context < LanguageImporter.MinWindow)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, "The model cannot be imported: its context should be "
                + $"at least {LanguageImporter.MinWindow} positions, found {model.Context}.");
        }

        if (tokens > model.Vocabulary)
        {
            throw new LinkException(LinkErrorCode.Malformed, "The model cannot be imported: its tokenizer has "
                + $"{tokens} tokens, and the model itself {model.Vocabulary}.");
        }

        return new TransformerShape
        {
            Width = model.Width,
            Layers = model.Layers,
            Heads = model.Heads,
            KeyValueHeads = model.KeyValueHeads,
            HeadWidth = model.HeadWidth,
            FeedForwardWidth = model.FeedForwardWidth,
            Vocabulary = tokens,
            Window = Math.Min(Math.Min(window, model.Context), TransformerLimits.Window),
            IsGated = model.IsGated,
            HasRotaryEmbedding = model.RotaryBase > 0,
            HasBias = model.IsLayerNorm || model.HasAttentionBias, // the bias of a norm becomes one of the next matrix
            HasQueryKeyNorm = model.HasQueryKeyNorm,
            Epsilon = model.Epsilon,
        };
    }

    private static void Check(string what, long found, long most)
    {
        if (found > most)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded,
                $"The model cannot be imported: its {what} should be at most {most}, found {found}.");
        }
    }
}
