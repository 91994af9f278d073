using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.Snapshots;

/// <summary>The toy model of the vectors of fingerprints over decisions. It encodes alone.</summary>
internal sealed class ToyBitPredictor : Predictor
{
    public override int AlphabetSize => ByteAlphabet;

    public override int FrequencyBits => 16;

    public override PredictorLanes CreateLanes(int capacity) => new Lanes(capacity);

    public override bool KeepsContext => true;

    public override StreamContext CreateContext() => new Context();

    private static ulong Next(ulong x, int symbol) => ((x * 1103515245) + (ulong)symbol + 1) % (1UL << 31);

    private sealed class Context : StreamContext
    {
        public ulong X { get; set; } = 1;

        public override StreamContext Clone() => new Context { X = X };

        public override void CopyFrom(StreamContext other) => X = ((Context)other).X;
    }

    private sealed class Lanes(int capacity) : PredictorLanes
    {
        private readonly ulong[] _x = new ulong[capacity];

        public override int Capacity => _x.Length;

        public override void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint, StreamContext? context,
            DecisionList decisions)
        {
            decisions.AddBit(1 << 15, false);
            _x[lane] = context is Context learned ? learned.X : 1;
        }

        public override void ContinueEncode(
            int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions)
        {
            decisions.AddBit(1 << 15, false);
            _x[lane] = Next(_x[lane], EndSymbol);
        }

        public override void Save(int lane, StreamContext context) => ((Context)context).X = Next(_x[lane], EndSymbol);

        public override void Encode(int lane, int symbol, DecisionList decisions)
        {
            ulong x = _x[lane];
            decisions.AddBit(No(x), symbol == EndSymbol);
            for (int node = 1; node < 256 && symbol != EndSymbol;)
            {
                int bit = symbol >> (7 - System.Numerics.BitOperations.Log2((uint)node)) & 1;
                decisions.AddBit(No(x * (ulong)(node + 1)), bit == 1);
                node = (2 * node) + bit;
            }
        }

        public override void Step(ReadOnlySpan<int> symbols)
        {
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                _x[lane] = Next(_x[lane], symbols[lane]);
            }
        }

        public override void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader) =>
            throw new NotSupportedException();

        public override void ContinueDecode(int lane, ref DecisionReader reader) => throw new NotSupportedException();

        public override int Decode(int lane, ref DecisionReader reader) => throw new NotSupportedException();

        public override void Copy(int from, int to) => throw new NotSupportedException();

        private static uint No(ulong x) => 1 + (uint)((x >> 7) % 65535);
    }
}
