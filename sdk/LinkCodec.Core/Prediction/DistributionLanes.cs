namespace LinkCodec.Core.Prediction;

/// <summary>
/// Lanes that know one weight for each symbol of the alphabet: each symbol is one decision, as the quantiser cuts the
/// scale.
/// </summary>
/// <remarks>
/// These lanes code no choice at a message's start. Whoever wants the weights themselves uses
/// <see cref="Start"/> and the <c>Step</c> that gives them, and none of the decisions. Loading the quantiser is linear
/// in the alphabet, once a symbol.
/// </remarks>
internal abstract class DistributionLanes : PredictorLanes
{
    private readonly FrequencyQuantiser _quantiser;
    private readonly uint[] _weights; // Row after row, as the last step or start has left them.
    private readonly int _alphabet;

    /// <summary>Makes the rows of weights.</summary>
    /// <param name="capacity">The number of lanes.</param>
    /// <param name="alphabetSize">Symbols of the predictor's alphabet.</param>
    /// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
    protected DistributionLanes(int capacity, int alphabetSize, int frequencyBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _quantiser = new FrequencyQuantiser(alphabetSize, frequencyBits);
        _weights = new uint[capacity * alphabetSize];
        _alphabet = alphabetSize;
        Capacity = capacity;
    }

    /// <inheritdoc/>
    public override int Capacity { get; }

    /// <summary>Puts <paramref name="lane"/> into the start state and gives the weights of its first symbol.</summary>
    /// <param name="lane">The lane, 0 to <see cref="PredictorLanes.Capacity"/> - 1.</param>
    /// <param name="weights">Gets the weight of each symbol of the alphabet, 0 to <see cref="Predictor.MaxWeight"/>, at
    /// least one above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane, or the row has another length.</exception>
    public abstract void Start(int lane, Span<uint> weights);

    /// <summary>
    /// Advances the lanes 0 to <c>symbols.Length - 1</c> by one symbol each and gives the weights of their next ones.
    /// </summary>
    /// <param name="symbols">The symbol that each lane has just coded; at most
    /// <see cref="PredictorLanes.Capacity"/>.</param>
    /// <param name="weights">Row after row, one of the alphabet's size for each lane.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lanes are too many, a symbol is outside the alphabet, or the
    /// rows have another length.</exception>
    /// <exception cref="InvalidOperationException">One of the lanes was never started.</exception>
    public abstract void Step(ReadOnlySpan<int> symbols, Span<uint> weights);

    /// <inheritdoc/>
    public sealed override void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint,
        StreamContext? context, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        Begin(lane, context);
    }

    /// <inheritdoc/>
    public sealed override void ContinueEncode(
        int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions) => Continue(lane, Row(lane));

    /// <inheritdoc/>
    public sealed override void ContinueDecode(int lane, ref DecisionReader reader) => Continue(lane, Row(lane));

    /// <inheritdoc/>
    public sealed override void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader) =>
        Begin(lane, context);

    /// <inheritdoc/>
    public sealed override void Encode(int lane, int symbol, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)symbol, (uint)_alphabet, nameof(symbol));
        Load(lane);
        (uint cumulative, uint frequency) = _quantiser.Interval(symbol);
        decisions.Add(cumulative, frequency);
    }

    /// <inheritdoc/>
    public sealed override int Decode(int lane, ref DecisionReader reader)
    {
        Load(lane);
        int symbol = _quantiser.Find(reader.Peek(), out uint cumulative, out uint frequency);
        reader.Take(cumulative, frequency);
        return symbol;
    }

    /// <inheritdoc/>
    public sealed override void Step(ReadOnlySpan<int> symbols)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
        Step(symbols, _weights.AsSpan(0, symbols.Length * _alphabet));
    }

    /// <summary>Starts the lane's next message: from the start state, where nothing is learned from message to
    /// message.</summary>
    protected virtual void Continue(int lane, Span<uint> weights) => Start(lane, weights);

    /// <summary>Starts a message from a context.</summary>
    protected virtual void StartFrom(int lane, StreamContext context, Span<uint> weights) =>
        throw new ArgumentException("This predictor keeps no context.", nameof(context));

    private void Begin(int lane, StreamContext? context)
    {
        if (context is null)
        {
            Start(lane, Row(lane)); // spec 7.1-3
        }
        else
        {
            StartFrom(lane, context, Row(lane)); // spec 7.1-4
        }
    }

    private void Load(int lane)
    {
        Span<uint> row = Row(lane);
        if (row.IndexOfAnyExcept(0u) < 0)
        {
            throw new InvalidOperationException($"Lane {lane} was not started.");
        }

        _quantiser.Load(row);
    }

    private Span<uint> Row(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
        return _weights.AsSpan(lane * _alphabet, _alphabet);
    }
}
