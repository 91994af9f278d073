using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.Tests.Language.Store;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>
/// A <see cref="TinyModel"/> as an importer reads it, without a file; a test may change its config and its tensors.
/// </summary>
internal sealed class MemoryWeights : ModelWeights
{
    private readonly bool _isInterleaved;

    /// <summary>Weights with rotary pairs side by side, as Llama's GGUF has them, or in halves.</summary>
    internal MemoryWeights(TinyModel model, bool isInterleaved = false)
    {
        _isInterleaved = isInterleaved;
        Tensors = model.Weights();
        if (isInterleaved)
        {
            foreach (string name in Tensors.Keys
                .Where(name => name.Split('.') is [_, "q" or "k" or "q_norm" or "k_norm", ..]).ToArray())
            {
                Tensors[name] = Tensors[name].ToPairs(model.HeadWidth);
            }
        }

        Config = new ModelConfig
        {
            Family = model.Family,
            Width = model.Width,
            Layers = model.Layers,
            Heads = model.Heads,
            KeyValueHeads = model.KeyValueHeads,
            HeadWidth = model.HeadWidth,
            FeedForwardWidth = model.FeedForwardWidth,
            Vocabulary = model.Vocabulary,
            Context = model.Context,
            RotaryBase = model.IsGpt2 ? 0 : TinyModel.RotaryBase,
            IsRotaryInterleaved = isInterleaved,
            Epsilon = model.Epsilon,
            IsTied = model.IsTied,
            IsLayerNorm = model.IsGpt2,
            IsGated = !model.IsGpt2,
            HasQueryKeyNorm = model.Family == "qwen3",
            HasAttentionBias = model.IsGpt2 || model.Family == "qwen2",
            Activation = model.HasErf ? Activation.Gelu : model.IsGpt2 ? Activation.GeluTanh : Activation.Silu,
        };
    }

    internal SortedDictionary<string, TinyTensor> Tensors { get; }

    public override ModelConfig Config { get; }

    public override bool Has(string name) => Tensors.ContainsKey(name);

    public override (int Rows, int Columns) Dimensions(string name) => (Tensors[name].Rows, Tensors[name].Columns);

    public override void Read(string name, int firstRow, Span<float> destination)
    {
        Tensors[name].Numbers.AsSpan(firstRow * Tensors[name].Columns, destination.Length).CopyTo(destination);
        foreach (float number in destination)
        {
            if (!float.IsFinite(number))
            {
                throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{name}: a number is not finite");
            }
        }
    }

    public override void Dispose()
    {
    }
}
