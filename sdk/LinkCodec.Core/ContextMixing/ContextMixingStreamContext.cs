using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// A context: what the models have learned from the messages that both ends hold. Takes about 320 KB.
/// </summary>
internal sealed class ContextMixingStreamContext : StreamContext
{
    private readonly ContextMixingPredictor _predictor;

    internal ContextMixingStreamContext(ContextMixingPredictor predictor) => _predictor = predictor;

    /// <summary>The predictor whose context this is.</summary>
    internal ContextMixingPredictor Predictor => _predictor;

    /// <summary>The memory; nobody changes it while lanes start from it.</summary>
    internal MixingMemory Memory { get; } = new();

    /// <inheritdoc/>
    public override StreamContext Clone()
    {
        ContextMixingStreamContext clone = new(_predictor);
        clone.Memory.CopyFrom(Memory);
        return clone;
    }

    /// <inheritdoc/>
    public override void CopyFrom(StreamContext other) => Memory.CopyFrom(_predictor.MemoryOf(other));
}
