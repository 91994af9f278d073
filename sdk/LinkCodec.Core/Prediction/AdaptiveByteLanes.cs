namespace LinkCodec.Core.Prediction;

/// <summary>
/// The streams of an <see cref="AdaptiveBytePredictor"/>; each is made when its lane is first started.
/// </summary>
internal sealed class AdaptiveByteLanes(int capacity, int frequencyBits)
    : DistributionLanes(capacity, Predictor.ByteAlphabet, frequencyBits)
{
    private readonly AdaptiveByteStream?[] _streams = new AdaptiveByteStream?[capacity];

    public override void Start(int lane, Span<uint> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Predictor.ByteAlphabet);
        AdaptiveByteStream stream = Slot(lane) ??= new AdaptiveByteStream();
        stream.Reset(); // spec 7.1-3
        stream.Predict(weights);
    }

    public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, symbols.Length * Predictor.ByteAlphabet);
        for (int lane = 0; lane < symbols.Length; lane++) // Each by itself: spec 7.1-1
        {
            AdaptiveByteStream stream = Started(lane);
            int symbol = symbols[lane];
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbol, (uint)Predictor.EndSymbol, nameof(symbols));
            if (symbol == Predictor.EndSymbol)
            {
                stream.Reset();
            }
            else
            {
                stream.Append((byte)symbol);
            }

            stream.Predict(weights.Slice(lane * Predictor.ByteAlphabet, Predictor.ByteAlphabet));
        }
    }

    public override void Save(int lane, StreamContext context) =>
        AdaptiveByteContext.Of(context).Take(Started(lane));

    public override void Copy(int from, int to)
    {
        AdaptiveByteStream source = Started(from);
        if (from != to)
        {
            (Slot(to) ??= new AdaptiveByteStream()).CopyFrom(source);
        }
    }

    protected override void StartFrom(int lane, StreamContext context, Span<uint> weights)
    {
        AdaptiveByteContext learned = AdaptiveByteContext.Of(context);
        if (!learned.HasMessages)
        {
            Start(lane, weights);
            return;
        }

        (Slot(lane) ??= new AdaptiveByteStream()).CopyFrom(learned.Stream);
        Continue(lane, weights);
    }

    protected override void Continue(int lane, Span<uint> weights)
    {
        AdaptiveByteStream stream = Started(lane);
        stream.BeginMessage(); // spec 7.4-6
        stream.Predict(weights);
    }

    private AdaptiveByteStream Started(int lane) =>
        Slot(lane) ?? throw new InvalidOperationException($"Lane {lane} was not started.");

    private ref AdaptiveByteStream? Slot(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)_streams.Length, nameof(lane));
        return ref _streams[lane];
    }
}
