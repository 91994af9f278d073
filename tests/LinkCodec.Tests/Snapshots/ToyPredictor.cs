using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.Snapshots;

/// <summary>
/// The toy model of the fingerprint vectors; with a leak, one that looks at its lane, as no predictor may.
/// </summary>
internal sealed class ToyPredictor(bool leaksLane = false, int bits = 18, uint drift = 0) : Predictor
{
    public bool Disposed { get; private set; }

    public override int AlphabetSize => ByteAlphabet;

    public override int FrequencyBits => bits;

    public override PredictorLanes CreateLanes(int capacity) => new Lanes(capacity, bits, leaksLane, drift);

    protected override void Dispose(bool disposing) => Disposed = true;

    private sealed class Lanes(int capacity, int bits, bool leaksLane, uint drift)
        : DistributionLanes(capacity, ByteAlphabet, bits)
    {
        private readonly ulong[] _x = new ulong[capacity];

        public override void Start(int lane, Span<uint> weights)
        {
            _x[lane] = 1;
            Weigh(lane, weights);
        }

        public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
        {
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                _x[lane] = ((_x[lane] * 1103515245) + (ulong)symbols[lane] + 1) % (1UL << 31);
                Weigh(lane, weights.Slice(lane * ByteAlphabet, ByteAlphabet));
            }
        }

        public override void Copy(int from, int to) => _x[to] = _x[from];

        private void Weigh(int lane, Span<uint> weights)
        {
            for (int symbol = 0; symbol < ByteAlphabet; symbol++)
            {
                weights[symbol] = 1 + (uint)(((_x[lane] * (ulong)(symbol + 1)) >> 7) % 4096);
            }

            weights[7] += drift + (leaksLane ? (uint)lane : 0);
        }
    }
}
