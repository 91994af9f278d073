using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>What experts have learned from the messages that both ends hold. About 240 KB.</summary>
internal sealed class ExpertContext : StreamContext
{
    private readonly ExpertPredictor _predictor;

    internal ExpertContext(ExpertPredictor predictor) => _predictor = predictor;

    /// <summary>Whose it is.</summary>
    internal ExpertPredictor Predictor => _predictor;

    /// <summary>The memory; nobody changes it while lanes start from it.</summary>
    internal ExpertMemory Memory { get; } = new();

    /// <inheritdoc/>
    public override void Absorb(ReadOnlySpan<byte> message) => _predictor.Absorb(Memory, message);

    /// <inheritdoc/>
    public override StreamContext Clone()
    {
        ExpertContext clone = new(_predictor);
        clone.Memory.CopyFrom(Memory);
        return clone;
    }

    /// <inheritdoc/>
    public override void CopyFrom(StreamContext other) => Memory.CopyFrom(_predictor.MemoryOf(other));
}
