using System.Collections.Concurrent;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>Adaptive experts around any number of networks, or around none.</summary>
/// <remarks>
/// The first decision of a message names its profile; then each byte takes nine: whether the message ends, and eight bits. Memory: 240 KB a lane and context,
/// beside the model's. Spec: protocol-spec/10-experts.md.
/// </remarks>
public sealed class ExpertPredictor : Predictor
{
    /// <summary>Binary logarithm of the scale of its decisions.</summary>
    public const int ScaleBits = 16;

    private readonly IReadOnlyList<ByteModel> _networks;
    private readonly ConcurrentBag<ExpertLanes> _absorbers = [];

    /// <summary>Puts experts and networks together.</summary>
    /// <param name="model">Profiles, their weights, and the corpus.</param>
    /// <param name="networks">Those that the profiles name by number, <see cref="ExpertModel.NetworkCount"/> of them. Owned by the predictor from now on.</param>
    public ExpertPredictor(ExpertModel model, IReadOnlyList<ByteModel> networks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfNotEqual(networks.Count, model.NetworkCount, nameof(networks));
        Model = model;
        _networks = networks;
    }

    /// <summary>What was trained.</summary>
    public ExpertModel Model { get; }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits => ScaleBits;

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new ExpertLanes(this, _networks, capacity);
    }

    /// <inheritdoc/>
    public override StreamContext CreateContext() => new ExpertContext(this);

    /// <summary>Codes a message for what is learned on the way.</summary>
    internal void Absorb(ExpertMemory memory, ReadOnlySpan<byte> message)
    {
        if (!_absorbers.TryTake(out ExpertLanes? lanes))
        {
            lanes = new ExpertLanes(this, _networks, 1);
        }

        lanes.Absorb(memory, message);
        _absorbers.Add(lanes);
    }

    /// <summary>The memory of a context of this predictor.</summary>
    internal ExpertMemory MemoryOf(StreamContext context) =>
        context is ExpertContext own && own.Predictor == this ? own.Memory : throw new ArgumentException("A context of another predictor.", nameof(context));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        while (_absorbers.TryTake(out ExpertLanes? lanes))
        {
            lanes.Dispose();
        }

        foreach (ByteModel network in _networks)
        {
            network.Dispose();
        }
    }
}
