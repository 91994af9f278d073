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
    /// <summary>Binary logarithm of the scale in which experts compute.</summary>
    public const int ScaleBits = 16;

    private readonly IReadOnlyList<ByteModel> _networks;
    private readonly ConcurrentBag<ExpertLanes> _absorbers = [];

    /// <summary>Puts experts and networks together.</summary>
    /// <param name="model">Profiles, their weights, and the corpus.</param>
    /// <param name="networks">Those that the profiles name by number, <see cref="ExpertModel.NetworkCount"/> of them. Owned by the predictor from now on.</param>
    /// <param name="frequencyBits">
    /// Binary logarithm of the scale of its decisions, <see cref="ScaleBits"/> to 24: they are the same, in larger units, so that they can stand beside those of a finer model.
    /// </param>
    public ExpertPredictor(ExpertModel model, IReadOnlyList<ByteModel> networks, int frequencyBits = ScaleBits)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequencyBits, ScaleBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequencyBits, 24);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfNotEqual(networks.Count, model.NetworkCount, nameof(networks));
        Model = model;
        FrequencyBits = frequencyBits;
        _networks = networks;
    }

    /// <summary>What was trained.</summary>
    public ExpertModel Model { get; }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits { get; }

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity) => CreateLanes(capacity, tries: false);

    /// <inheritdoc/>
    /// <remarks>These code the first bytes of a message with several profiles before they choose: 1.5 MB more a lane.</remarks>
    public override PredictorLanes CreateEncodingLanes(int capacity) => CreateLanes(capacity, tries: true);

    /// <inheritdoc/>
    public override StreamContext CreateContext() => new ExpertContext(this);

    /// <summary>The profile of the message that a lane has begun, by number.</summary>
    /// <param name="lanes">Of this predictor.</param>
    /// <param name="lane">A lane that was begun.</param>
    /// <exception cref="ArgumentException">Lanes of another predictor.</exception>
    /// <exception cref="InvalidOperationException">The lane was never begun.</exception>
    public int ProfileOf(PredictorLanes lanes, int lane) =>
        lanes is ExpertLanes own && own.Owner == this ? own.ProfileOf(lane) : throw new ArgumentException("Lanes of another predictor.", nameof(lanes));

    /// <summary>The profile of the message that a context has absorbed last, by number; -1 where it has absorbed none.</summary>
    /// <exception cref="ArgumentException">A context of another predictor.</exception>
    public int ProfileOf(StreamContext context) => MemoryOf(context).Profile;

    /// <summary>Codes a message for what is learned on the way.</summary>
    internal void Absorb(ExpertMemory memory, ReadOnlySpan<byte> message)
    {
        if (!_absorbers.TryTake(out ExpertLanes? lanes))
        {
            lanes = CreateLanes(1, tries: false);
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

    private ExpertLanes CreateLanes(int capacity, bool tries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new ExpertLanes(this, _networks, capacity, tries);
    }
}
