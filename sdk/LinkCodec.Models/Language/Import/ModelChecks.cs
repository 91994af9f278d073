using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Files;

namespace LinkCodec.Models.Language.Import;

/// <summary>From a model's description and tensors to the shape of its exact network, or to one line that says why not. Reads no weights.</summary>
internal static class ModelChecks
{
    private const int LargestVocabulary = 1 << 17;

    // An exact sum of that many products of bytes fits 32 bits with room to spare; no known model comes near.
    private const int LargestRow = 1 << 16;

    private static readonly string[] Matrices = ["q", "k", "v", "o", "gate", "up", "down"];

    /// <summary>The shape.</summary>
    /// <exception cref="LinkException">Malformed or LimitExceeded.</exception>
    internal static LanguageShape Shape(WeightSource source, int window)
    {
        ModelDescription model = source.Description;
        Check("width", model.Width, 2, LargestRow);
        Check("layers", model.Layers, 1, 512);
        Check("heads", model.Heads, 1, 1024);
        Check("key heads", model.KeyHeads, 1, model.Heads);
        Check("head width", model.HeadWidth, 2, 1024);
        Check("heads' width together", (long)model.Heads * model.HeadWidth, 2, LargestRow);
        Check("inner width", model.Inner, 1, LargestRow);
        Check("vocabulary", model.Vocabulary, 2, 1 << 22);
        Check("context", model.Context, 2, int.MaxValue);
        if (model.Heads % model.KeyHeads != 0 || model.HeadWidth % 2 != 0)
        {
            throw Fault($"{model.Heads} heads of width {model.HeadWidth} do not share {model.KeyHeads} key heads evenly, or do not fall into pairs.");
        }

        if (!(model.Epsilon is >= 0 and < 1) || !(model.RotaryBase is >= 0 and < 1e12))
        {
            throw Fault("its epsilon or its rotary base is out of range.");
        }

        bool hasRotary = !source.Has("position_embedding");
        if (hasRotary && model.RotaryBase <= 1)
        {
            throw Fault("it has neither positions nor a rotary base.");
        }

        LanguageShape shape = new()
        {
            Width = model.Width,
            Layers = model.Layers,
            Heads = model.Heads,
            KeyHeads = model.KeyHeads,
            HeadWidth = model.HeadWidth,
            Inner = model.Inner,
            Vocabulary = Math.Min(model.Vocabulary, LargestVocabulary),
            Window = Math.Min(window, model.Context),
            IsGated = source.Has("0.gate"),
            HasRotary = hasRotary,
            HasBias = HasBias(source),
            HasHeadNorm = source.Has("0.q_norm"),
            Epsilon = model.Epsilon,
        };
        DemandAll(source, shape);
        return shape;
    }

    private static void DemandAll(WeightSource source, LanguageShape shape)
    {
        int queries = shape.Heads * shape.HeadWidth;
        int keys = shape.KeyHeads * shape.HeadWidth;
        source.Demand("token_embedding", shape.Vocabulary, shape.Width);
        if (!source.Description.IsTied)
        {
            source.Demand("output", shape.Vocabulary, shape.Width);
        }

        if (!shape.HasRotary)
        {
            source.Demand("position_embedding", shape.Window, shape.Width);
        }

        DemandNorm("output_norm", shape.Width);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            DemandNorm($"{layer}.attention_norm", shape.Width);
            DemandNorm($"{layer}.ffn_norm", shape.Width);
            DemandMatrix($"{layer}.q", queries, shape.Width);
            DemandMatrix($"{layer}.k", keys, shape.Width);
            DemandMatrix($"{layer}.v", keys, shape.Width);
            DemandMatrix($"{layer}.o", shape.Width, queries);
            if (shape.IsGated)
            {
                DemandMatrix($"{layer}.gate", shape.Inner, shape.Width);
            }

            DemandMatrix($"{layer}.up", shape.Inner, shape.Width);
            DemandMatrix($"{layer}.down", shape.Width, shape.Inner);
            if (shape.HasHeadNorm)
            {
                source.Demand($"{layer}.q_norm", shape.HeadWidth);
                source.Demand($"{layer}.k_norm", shape.HeadWidth);
            }
        }

        void DemandMatrix(string name, int rows, int columns)
        {
            source.Demand(name, rows, columns);
            if (source.Has($"{name}.bias"))
            {
                source.Demand($"{name}.bias", rows);
            }
        }

        void DemandNorm(string name, int length)
        {
            source.Demand(name, length);
            if (source.Has($"{name}.bias"))
            {
                source.Demand($"{name}.bias", length);
            }
        }
    }

    // The bias of a norm becomes one of the next matrix.
    private static bool HasBias(WeightSource source) =>
        source.Description.IsLayerNorm ||
        Enumerable.Range(0, source.Description.Layers).Any(layer => Matrices.Any(matrix => source.Has($"{layer}.{matrix}.bias")));

    private static void Check(string what, long found, long least, long most)
    {
        if (found < least || found > most)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"The model cannot be imported: its {what} should be {least} to {most}, and is {found}.");
        }
    }

    private static LinkException Fault(string what) => new(LinkErrorCode.Malformed, $"The model cannot be imported: {what}");
}
