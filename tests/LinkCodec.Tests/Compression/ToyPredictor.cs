using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>A small predictor with memory of two symbols: enough to tell a mixed-up lane from a right one.</summary>
internal sealed class ToyPredictor(uint salt = 0) : Predictor
{
    public override int AlphabetSize => ByteAlphabet;

    public override int FrequencyBits => 20;

    public override PredictorLanes CreateLanes(int capacity) => new Lanes(capacity, FrequencyBits, salt);

    private sealed class Lanes(int capacity, int frequencyBits, uint salt)
        : DistributionLanes(capacity, ByteAlphabet, frequencyBits)
    {
        private readonly uint[] _states = new uint[capacity];

        public override void Start(int lane, Span<uint> weights)
        {
            _states[lane] = 12_345;
            Fill(_states[lane], weights);
        }

        public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
        {
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                _states[lane] = (_states[lane] << 8) | (uint)symbols[lane];
                Fill(_states[lane], weights.Slice(lane * ByteAlphabet, ByteAlphabet));
            }
        }

        public override void Copy(int from, int to) => _states[to] = _states[from];

        // Letters and spaces are likely; which of them most depends on the last two symbols.
        private void Fill(uint state, Span<uint> weights)
        {
            uint seed = (state & 0xFFFF) * 2_654_435_761 ^ salt;
            for (int i = 0; i < weights.Length; i++)
            {
                bool common = i is ' ' or (>= 'a' and <= 'z');
                weights[i] = (common ? 60_000u : 300u) + ((seed >> (i & 15)) & 1023);
            }

            weights[EndSymbol] = 2_000;
        }
    }
}
