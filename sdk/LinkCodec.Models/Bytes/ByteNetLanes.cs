using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Bytes;

/// <summary>Streams of a byte net that is a predictor of its own: each symbol is one decision.</summary>
internal sealed class ByteNetLanes : DistributionLanes
{
    private readonly ByteNetModelLanes _streams;
    private readonly int[] _lanes; // 0, 1, 2..

    internal ByteNetLanes(ByteNetPredictor predictor, int capacity)
        : base(capacity, Predictor.ByteAlphabet, predictor.FrequencyBits)
    {
        _streams = predictor.Model.CreateByteNetLanes(capacity);
        _lanes = [.. Enumerable.Range(0, capacity)];
    }

    /// <inheritdoc/>
    public override void Start(int lane, Span<uint> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Predictor.ByteAlphabet);
        _streams.Start(lane);
        _streams.Weights(lane).CopyTo(weights);
    }

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, symbols.Length * Predictor.ByteAlphabet);
        _streams.Step(_lanes.AsSpan(0, symbols.Length), symbols);
        for (int lane = 0; lane < symbols.Length; lane++)
        {
            _streams.Weights(lane).CopyTo(weights[(lane * Predictor.ByteAlphabet)..]);
        }
    }

    /// <inheritdoc/>
    public override void Copy(int from, int to) => _streams.Copy(from, to);

    /// <summary>Logits of <paramref name="lane"/> after the last step, if it took part in it.</summary>
    internal ReadOnlySpan<int> Logits(int lane) => _streams.Logits(lane);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _streams.Dispose();
}
