using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.PrimedMixing;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Trains the tables of primed mixing: counters from one set of messages, then what they are believed, and the mixing
/// weights, from another one, which is coded as codes are.
/// </summary>
/// <remarks>
/// A bucket is taken by another context only after its uses have been worn down, so that frequent contexts stay. Same
/// messages in the same order, same tables. Memory: 30 MB.
/// </remarks>
internal sealed class PrimedTrainer : IPrimedTrainer
{
    private const int LowNibble = 1000;
    private const int MapShift = 7;
    private const int MostUses = 1_000_000;

    // Rounds over the second set; the maps move in all but the last.
    private static readonly int[] Rates = [12, 6, 4];

    private readonly PrimedModel _model;
    private readonly int[][] _uses;
    private readonly int[] _shares;      // of a 1 behind each entry of the map, in 2^-22
    private readonly int[] _matchShares; // of a right match
    private readonly uint[] _hashes = new uint[PrimedLayout.Contexts];
    private readonly int[] _places = new int[PrimedLayout.Contexts];
    private bool _mapsMove;

    /// <summary>Begins with empty tables.</summary>
    /// <param name="bits">Binary logarithm of each context's buckets.</param>
    public PrimedTrainer(int[] bits)
    {
        _model = new PrimedModel(bits);
        _uses = [.. bits.Select(one => new int[1 << one])];
        _shares = new int[_model.Map.Length];
        _matchShares = new int[_model.MatchMap.Length];
        for (int i = 0; i < _shares.Length; i++)
        {
            int count = (i / PrimedLayout.Levels) & 15;
            int logit = (64 * (i % PrimedLayout.Levels)) + 32 - 2048;
            int believed = count == 0 ? 0 : logit * (count == 1 ? 4 : count < 4 ? 6 : 7) / 8;
            _shares[i] = LogisticTables.Squash(believed) << 6;
            _model.Map[i] = count == 0 ? (short)0 : (short)believed;
        }

        for (int i = 0; i < _matchShares.Length; i++)
        {
            _matchShares[i] = 65_535 - (32_768 / (i + 2)) << 6;
            _model.MatchMap[i] = (short)LogisticTables.Stretch(_matchShares[i] >> 6);
        }

        for (int i = 0; i < _model.Weights.Length; i++)
        {
            _model.Weights[i] = i % PrimedLayout.RowSize <= PrimedLayout.BiasInput ? 1365 : 0;
        }
    }

    /// <summary>Fills the tables from runs of messages, each run from a fresh start.</summary>
    public void Prime(IEnumerable<IReadOnlyList<byte[]>> runs)
    {
        PrimedContexts contexts = new();
        foreach (IReadOnlyList<byte[]> run in runs)
        {
            contexts.Begin();
            foreach (byte[] message in run)
            {
                foreach (byte value in message)
                {
                    Prime(contexts, value);
                }

                Prime(contexts, (byte)'\n');
            }
        }
    }

    /// <summary>Rounds the tables as files hold them, and fits maps and weights to runs of other messages.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="told">Told the bits per byte of each round.</param>
    public PrimedModel Fit(IReadOnlyList<IReadOnlyList<byte[]>> runs, Action<double> told)
    {
        for (int context = 0; context < PrimedLayout.Contexts; context++)
        {
            Round(_model.Table(context), _uses[context]);
        }

        for (int round = 0; round < Rates.Length; round++)
        {
            _mapsMove = round < Rates.Length - 1;
            PrimedCoder coder = new(_model) { Trainer = this, Rate = Rates[round] };
            CostMeter meter = default;
            long bytes = 0;
            foreach (IReadOnlyList<byte[]> run in runs)
            {
                coder.Begin();
                foreach (byte[] message in run)
                {
                    foreach (byte value in message)
                    {
                        coder.Code(ref meter, value);
                    }

                    coder.Code(ref meter, PrimedCoder.End);
                    bytes += message.Length + 1;
                }

                coder.Mixer.Weights.CopyTo(_model.Weights, 0);
            }

            told(meter.Cost / 256.0 / bytes);
        }

        return _model;
    }

    void IPrimedTrainer.Learn(ReadOnlySpan<int> entries, int match, bool isRight, int bit)
    {
        if (!_mapsMove)
        {
            return;
        }

        foreach (int entry in entries)
        {
            Move(ref _shares[entry], bit != 0);
            bool isSeen = ((entry / PrimedLayout.Levels) & 15) != 0;
            _model.Map[entry] = isSeen ? (short)LogisticTables.Stretch(_shares[entry] >> 6) : (short)0;
        }

        if (match >= 0)
        {
            Move(ref _matchShares[match], isRight);
            _model.MatchMap[match] = (short)LogisticTables.Stretch(_matchShares[match] >> 6);
        }
    }

    private static void Move(ref int share, bool came) => share += ((came ? 65_535 << 6 : 0) - share) >> MapShift;

    private static void Round(Span<ushort> table, int[] uses)
    {
        for (int bucket = 0; bucket < uses.Length; bucket++)
        {
            Span<ushort> counters = table.Slice(bucket * PrimedLayout.BucketSize, PrimedLayout.BucketSize);
            if (uses[bucket] < 2)
            {
                counters.Clear();
                continue;
            }

            foreach (ref ushort counter in counters[1..])
            {
                counter = PrimedFile.Round(counter);
            }
        }
    }

    private void Prime(PrimedContexts contexts, byte value)
    {
        contexts.Set(_hashes);
        for (int bit = 0; bit < 8; bit++)
        {
            int partial = (256 | value) >> (8 - bit);
            if (bit % 4 == 0)
            {
                for (int i = 0; i < _places.Length; i++)
                {
                    _places[i] = Take(i, bit == 0 ? _hashes[i]
                        : ContextHash.Of(_hashes[i], (uint)partial + LowNibble));
                }
            }

            int node = bit < 4 ? partial : (partial & ((1 << (bit - 4)) - 1)) | (1 << (bit - 4));
            for (int i = 0; i < _places.Length; i++)
            {
                if (_places[i] >= 0)
                {
                    ref ushort counter = ref _model.Table(i)[_places[i] + node];
                    counter = BitCounter.Update(counter, (value >> (7 - bit)) & 1, PrimedLayout.MostSeen);
                }
            }
        }

        contexts.Update(value);
    }

    // The bucket of a hash, perhaps taken from a context that is not used any more; -1 where that one is.
    private int Take(int context, uint hash)
    {
        Span<ushort> table = _model.Table(context);
        int[] uses = _uses[context];
        ushort check = (ushort)(hash | 1);
        int first = (int)(hash >> (32 - _model.Bits[context]));
        foreach (int bucket in (ReadOnlySpan<int>)[first, first ^ 1])
        {
            if (table[bucket * PrimedLayout.BucketSize] == check)
            {
                uses[bucket] = Math.Min(uses[bucket] + 1, MostUses);
                return bucket * PrimedLayout.BucketSize;
            }
        }

        int worn = uses[first] <= uses[first ^ 1] ? first : first ^ 1;
        if (uses[worn] > 1)
        {
            uses[worn]--;
            return -1;
        }

        Span<ushort> taken = table.Slice(worn * PrimedLayout.BucketSize, PrimedLayout.BucketSize);
        taken.Fill(PrimedLayout.EvenCounter);
        taken[0] = check;
        uses[worn] = 1;
        return worn * PrimedLayout.BucketSize;
    }
}
