using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.Models.Language;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>From a model's description, which was checked when it was opened, to the shape of its exact network.</summary>
internal static class ImportShape
{
    /// <summary>The shape, within what is run.</summary>
    /// <param name="model">The description.</param>
    /// <param name="tokens">Tokens of the tokenizer; where the model has more rows than that, nothing ever asks for the others.</param>
    /// <param name="window">Positions wanted; fewer where the model was made for fewer.</param>
    /// <exception cref="LinkException">LimitExceeded: the model is larger or smaller than what is run. Malformed: it has fewer rows than tokens.</exception>
    internal static LanguageShape Of(ModelDescription model, int tokens, int window)
    {
        Check("width", model.Width, LanguageLimits.Width);
        Check("layers", model.Layers, LanguageLimits.Layers);
        Check("heads", model.Heads, LanguageLimits.Heads);
        Check("head width", model.HeadWidth, LanguageLimits.HeadWidth);
        Check("inner width", model.Inner, LanguageLimits.Inner);
        Check("tokens", tokens, LanguageLimits.Vocabulary);
        Check("largest matrix, in numbers", (long)model.Width * tokens, Array.MaxLength / sizeof(float)); // what one tensor of a store holds
        if (model.Context < LanguageImporter.LeastWindow)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"The model cannot be imported: its context should be at least {LanguageImporter.LeastWindow} positions, found {model.Context}.");
        }

        if (tokens > model.Vocabulary)
        {
            throw new LinkException(LinkErrorCode.Malformed, $"The model cannot be imported: its tokenizer has {tokens} tokens, and the model itself {model.Vocabulary}.");
        }

        return new LanguageShape
        {
            Width = model.Width,
            Layers = model.Layers,
            Heads = model.Heads,
            KeyHeads = model.KeyHeads,
            HeadWidth = model.HeadWidth,
            Inner = model.Inner,
            Vocabulary = tokens,
            Window = Math.Min(Math.Min(window, model.Context), LanguageLimits.Window),
            IsGated = model.IsGated,
            HasRotary = model.RotaryBase > 0,
            HasBias = model.IsLayerNorm || model.HasAttentionBias, // the bias of a norm becomes one of the next matrix
            HasHeadNorm = model.HasHeadNorm,
            Epsilon = model.Epsilon,
        };
    }

    private static void Check(string what, long found, long most)
    {
        if (found > most)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"The model cannot be imported: its {what} should be at most {most}, found {found}.");
        }
    }
}
