using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>
/// A network that is a formula, as in the vectors: it hashes the message so far, and thinks that bytes repeat.
/// </summary>
internal sealed class FakeByteModel : ByteModel
{
    /// <summary>The hash before the first symbol; another one makes another network.</summary>
    public ulong Seed { get; init; } = 1;

    public override ByteModelLanes CreateLanes(int capacity) => new Lanes(capacity, Seed);

    private sealed class Lanes(int capacity, ulong seed) : ByteModelLanes
    {
        private readonly ulong[] _states = new ulong[capacity];
        private readonly uint[][] _weights = [.. Enumerable.Range(0, capacity)
            .Select(_ => new uint[Predictor.ByteAlphabet])];

        public override void Start(int lane) => Weigh(lane, seed, -1);

        public override void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> symbols)
        {
            for (int i = 0; i < lanes.Length; i++)
            {
                ulong next = ((_states[lanes[i]] * 1103515245) + (ulong)symbols[i] + 1) % (1UL << 31);
                Weigh(lanes[i], next, symbols[i]);
            }
        }

        public override ReadOnlySpan<uint> Weights(int lane) => _weights[lane];

        // The weights are left to the step that comes next.
        public override void Copy(int from, int to) => _states[to] = _states[from];

        private void Weigh(int lane, ulong state, int last)
        {
            _states[lane] = state;
            for (int symbol = 0; symbol < Predictor.ByteAlphabet; symbol++)
            {
                ulong repeats = symbol == last ? 1u << 18 : symbol == Predictor.EndSymbol ? 1u : 0;
                _weights[lane][symbol] = (uint)((((state * (ulong)(symbol + 1)) >> 11) % 4096) + repeats);
            }
        }
    }
}
