using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.Prediction;

/// <summary>
/// A small predictor with everything that the contract allows: a choice at the start, an end flag and eight bits a
/// byte, counts that adapt within a message and start from a context, and a state that only a step moves.
/// </summary>
internal sealed class BitPredictor : Predictor
{
    private const int Kinds = 8; // of the byte before, which the "network" remembers
    private const ushort Even = 1 << 15;
    private const ushort RareEnd = 63_000;

    /// <summary>Errs by its lane, as no predictor may.</summary>
    public bool LeaksLane { get; init; }

    public override int AlphabetSize => ByteAlphabet;

    public override int FrequencyBits => 16;

    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new Lanes(capacity, LeaksLane);
    }

    public override bool KeepsContext => true;

    public override StreamContext CreateContext() => new Context();

    private static int Kind(int symbol) => symbol >> 5 & 7;

    /// <summary>
    /// Probabilities of no, of 65,536: eight bits of a byte by the kind of the byte before, and the end by the same.
    /// </summary>
    private sealed class Counts
    {
        private readonly ushort[] _bits = new ushort[Kinds * 256];
        private readonly ushort[] _ends = new ushort[Kinds];

        public Counts() => Reset();

        public void Reset()
        {
            _bits.AsSpan().Fill(Even);
            _ends.AsSpan().Fill(RareEnd);
        }

        public void CopyFrom(Counts other)
        {
            other._bits.CopyTo(_bits, 0);
            other._ends.CopyTo(_ends, 0);
        }

        public ref ushort Bit(int kind, int node) => ref _bits[(kind * 256) + node];

        public ref ushort End(int kind) => ref _ends[kind];

        public static void Learn(ref ushort no, bool isYes) =>
            no = (ushort)(isYes ? no - ((no - 64) >> 4) : no + ((65_472 - no) >> 4));
    }

    private sealed class Context : StreamContext
    {
        public Counts Counts { get; } = new();

        public override StreamContext Clone()
        {
            var clone = new Context();
            clone.CopyFrom(this);
            return clone;
        }

        public override void CopyFrom(StreamContext other)
        {
            Counts.CopyFrom(other is Context same ? same.Counts : throw new ArgumentException("Of another predictor.",
                nameof(other)));
        }
    }

    private sealed class Lanes(int capacity, bool leaksLane) : PredictorLanes
    {
        private readonly Counts?[] _counts = new Counts?[capacity];
        private readonly int[] _kinds = new int[capacity];

        public override int Capacity => _counts.Length;

        public override void BeginEncode(int lane, ReadOnlySpan<byte> message, ContentHint hint, StreamContext? context,
            DecisionList decisions)
        {
            bool adapts = hint != ContentHint.Binary;
            decisions.AddBit(Even, adapts);
            Begin(lane, context, adapts);
        }

        public override void BeginDecode(int lane, StreamContext? context, ref DecisionReader reader) =>
            Begin(lane, context, reader.TakeBit(Even));

        public override void ContinueEncode(
            int lane, ReadOnlySpan<byte> message, ContentHint hint, DecisionList decisions)
        {
            bool adapts = hint != ContentHint.Binary;
            decisions.AddBit(Even, adapts);
            Continue(lane, adapts);
        }

        public override void ContinueDecode(int lane, ref DecisionReader reader) =>
            Continue(lane, reader.TakeBit(Even));

        public override void Save(int lane, StreamContext context) =>
            ((Context)context).Counts.CopyFrom(Started(lane));

        public override void Encode(int lane, int symbol, DecisionList decisions)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbol, (uint)EndSymbol, nameof(symbol));
            Counts counts = Started(lane);
            int kind = _kinds[lane];
            bool ends = symbol == EndSymbol;
            decisions.AddBit(counts.End(kind), ends);
            Counts.Learn(ref counts.End(kind), ends);
            for (int bit = 7, node = 1; bit >= 0 && !ends; bit--)
            {
                bool isYes = (symbol >> bit & 1) == 1;
                decisions.AddBit(counts.Bit(kind, node), isYes);
                Counts.Learn(ref counts.Bit(kind, node), isYes);
                node = (node << 1) | (isYes ? 1 : 0);
            }
        }

        public override int Decode(int lane, ref DecisionReader reader)
        {
            Counts counts = Started(lane);
            int kind = _kinds[lane];
            bool ends = reader.TakeBit(counts.End(kind));
            Counts.Learn(ref counts.End(kind), ends);
            if (ends)
            {
                return EndSymbol;
            }

            int node = 1;
            while (node < 256)
            {
                bool isYes = reader.TakeBit(counts.Bit(kind, node));
                Counts.Learn(ref counts.Bit(kind, node), isYes);
                node = (node << 1) | (isYes ? 1 : 0);
            }

            return node - 256;
        }

        public override void Step(ReadOnlySpan<int> symbols)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(symbols.Length, Capacity, nameof(symbols));
            for (int lane = 0; lane < symbols.Length; lane++)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbols[lane], (uint)EndSymbol, nameof(symbols));
                Started(lane);
                _kinds[lane] = Kind(symbols[lane]) ^ (leaksLane ? lane & 1 : 0);
            }
        }

        public override void Copy(int from, int to)
        {
            Counts source = Started(from);
            if (from != to)
            {
                (_counts[to] ??= new Counts()).CopyFrom(source);
                _kinds[to] = _kinds[from];
            }
        }

        private void Begin(int lane, StreamContext? context, bool fromContext)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
            Counts counts = _counts[lane] ??= new Counts();
            counts.Reset();
            _kinds[lane] = 0;
            if (context is not null && context is not Context)
            {
                throw new ArgumentException("Of another predictor.", nameof(context));
            }

            if (context is Context learned && fromContext)
            {
                counts.CopyFrom(learned.Counts);
            }
        }

        private void Continue(int lane, bool fromContext)
        {
            _kinds[lane] = 0;
            if (!fromContext)
            {
                Started(lane).Reset();
            }
        }

        private Counts Started(int lane)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Capacity, nameof(lane));
            return _counts[lane] ?? throw new InvalidOperationException($"Lane {lane} was not started.");
        }
    }
}
