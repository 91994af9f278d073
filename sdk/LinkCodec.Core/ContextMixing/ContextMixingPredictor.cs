using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Context mixing around any number of networks, or around none.</summary>
/// <remarks>
/// The first decision of a message names its profile; then each byte takes nine: whether the message ends, and eight
/// bits. Memory: 320 KB a lane and context, beside the model's. Spec: protocol-spec/10-context-mixing.md.
/// </remarks>
internal sealed class ContextMixingPredictor : Predictor
{
    /// <summary>Binary logarithm of the scale in which the mixer computes.</summary>
    public const int ScaleBits = 16;

    private readonly IReadOnlyList<ByteModel> _networks;

    /// <summary>Puts models and networks together.</summary>
    /// <param name="model">Profiles, their weights, and the dictionary.</param>
    /// <param name="networks">The networks that the profiles name by number, <see cref="MixingModel.NetworkCount"/> of
    /// them. Owned by the predictor from now on.</param>
    /// <param name="frequencyBits">
    /// Binary logarithm of the scale of its decisions, <see cref="ScaleBits"/> to 24: they are the same, in larger
    /// units, so that they can stand beside those of a finer model.
    /// </param>
    public ContextMixingPredictor(MixingModel model, IReadOnlyList<ByteModel> networks, int frequencyBits = ScaleBits)
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

    /// <summary>The trained model.</summary>
    public MixingModel Model { get; }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits { get; }

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity) => CreateLanes(capacity, tries: false);

    /// <inheritdoc/>
    /// <remarks>
    /// An encoder's lanes code the first bytes of a message with several profiles before they choose: 1.5 MB more a
    /// lane.
    /// </remarks>
    public override PredictorLanes CreateEncodingLanes(int capacity) => CreateLanes(capacity, tries: true);

    /// <inheritdoc/>
    public override bool KeepsContext => true;

    /// <inheritdoc/>
    public override bool HasNetworks => _networks.Count > 0;

    /// <inheritdoc/>
    public override bool CanAvoidNetworks => Model.HasLight;

    /// <inheritdoc/>
    public override StreamContext CreateContext() => new ContextMixingStreamContext(this);

    /// <summary>The profile of the message that a lane has begun, by number.</summary>
    /// <param name="lanes">Lanes of this predictor.</param>
    /// <param name="lane">A lane that was begun.</param>
    /// <exception cref="ArgumentException">Lanes of another predictor.</exception>
    /// <exception cref="InvalidOperationException">The lane was never begun.</exception>
    public int ProfileOf(PredictorLanes lanes, int lane) =>
        lanes is ContextMixingLanes own && own.Owner == this
            ? own.ProfileOf(lane)
            : throw new ArgumentException("Lanes of another predictor.", nameof(lanes));

    /// <summary>
    /// The profile of the message that a context has absorbed last, by number; -1 where it has absorbed none.
    /// </summary>
    /// <exception cref="ArgumentException">A context of another predictor.</exception>
    public int ProfileOf(StreamContext context) => MemoryOf(context).Profile;

    /// <summary>The memory of a context of this predictor.</summary>
    internal MixingMemory MemoryOf(StreamContext context) =>
        context is ContextMixingStreamContext own && own.Predictor == this
            ? own.Memory
            : throw new ArgumentException("A context of another predictor.", nameof(context));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ByteModel network in _networks)
        {
            network.Dispose();
        }
    }

    private ContextMixingLanes CreateLanes(int capacity, bool tries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new ContextMixingLanes(this, _networks, capacity, tries);
    }
}
