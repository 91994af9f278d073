using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Stretches of messages that one lane codes one after another into units; a job may go on with a unit that an
/// earlier one has left open.</summary>
/// <remarks>Not thread-safe. Whoever runs it owns what it holds until it is done.</remarks>
internal sealed class EncoderJob
{
    private EncodingOptions _options;
    private readonly int _maxUnitSize;
    private readonly int _frequencyBits;
    private readonly List<PackedUnit> _closed = [];

    /// <summary>Plans the work.</summary>
    /// <param name="pieces">The stretches, in the order of the messages.</param>
    /// <param name="unit">The unit to begin with.</param>
    /// <param name="options">What all jobs of a batch share.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most.</param>
    /// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
    public EncoderJob(
        IReadOnlyList<MessagePiece> pieces, OpenUnit unit, EncodingOptions options, int maxUnitSize,
        int frequencyBits)
    {
        (_options, _maxUnitSize, _frequencyBits, Pieces) = (options, maxUnitSize, frequencyBits, pieces);
        Unit = unit;
    }

    /// <summary>The stretches.</summary>
    public IReadOnlyList<MessagePiece> Pieces { get; }

    /// <summary>The unit that is being filled.</summary>
    public OpenUnit Unit { get; private set; }

    /// <summary>The units that are full.</summary>
    public IReadOnlyList<PackedUnit> Closed => _closed;

    /// <summary>The kind of content that the application says the messages are.</summary>
    public ContentHint Hint => _options.Hint;

    /// <summary>Whether the predictor does without networks.</summary>
    public bool AvoidsNetworks => _options.AvoidsNetworks;

    /// <summary>Whether each unit goes on where the one before it has ended.</summary>
    public bool IsChained => _options.IsChained;

    /// <summary>A context to save into, for the unit.</summary>
    public StreamContext? RentContext() => _options.Contexts.Rent();

    /// <summary>The job is done: a unit that nothing can go on from is full.</summary>
    public void End()
    {
        if (Unit.HasCode && !Unit.IsStateCurrent && _options.Contexts.HasContexts)
        {
            NextUnit();
        }
    }

    /// <summary>Ends the unit and begins another one.</summary>
    public void NextUnit()
    {
        if (!Unit.IsEmpty)
        {
            int slot = Unit.Keep;
            PackedUnit packed = Unit.Finish(_options.Contexts);
            _closed.Add(packed);
            if (IsChained)
            {
                // spec 8.4-1
                _options = _options with { Context = packed.State, Base = packed.State is null ? 0 : slot };
            }
        }

        Unit = _options.NewUnit(_maxUnitSize, _frequencyBits);
    }
}
