using System.Text;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// Predicts pairs of tokens of some sentences and what stood in the row before; every token of the row shows in every
/// logit a little. Exact, and counts its work.
/// </summary>
internal sealed class FakeTransformer : Transformer
{
    private const string Known = "The quick brown fox jumps over the lazy dog, and the lazy dog does not "
        + "mind the quick brown fox at all.\n" + "Attitude control nominal. Battery 87 %.\nAll is well and the crew is "
        + "safe.\nThe pump is running again.\n{\"t\":20,\"v\":4}\n{\"t\":30,\"v\":9}\n{\"t\":40,\"v\":16}\n";

    private readonly Dictionary<int, HashSet<int>> _pairs = [];

    public FakeTransformer(FakeTokenizer tokens, int window)
    {
        (Vocabulary, Window) = (tokens.Count, window);
        List<int> known = [tokens.BeginToken];
        tokens.Encode(Encoding.ASCII.GetBytes(Known), known);
        for (int i = 1; i < known.Count; i++)
        {
            (_pairs.TryGetValue(known[i - 1], out HashSet<int>? next) ? next : _pairs[known[i - 1]] = []).Add(known[i]);
        }
    }

    public override int Vocabulary { get; }

    public override int Window { get; }

    /// <summary>Tokens read so far.</summary>
    public long Read { get; set; }

    /// <summary>Steps so far, and the most rows that one of them has advanced.</summary>
    public int Steps { get; set; }

    public int LargestStep { get; set; }

    /// <summary>
    /// A token that this adds to every row's state when it is stepped in a batch: what a broken device would do.
    /// </summary>
    public int BrokenInBatches { get; init; }

    /// <summary>Caches made so far.</summary>
    public int Caches { get; private set; }

    public override KvCache CreateCache(int rows)
    {
        Caches++;
        return new Cache(this, rows);
    }

    public override void Dispose()
    {
    }

    private void Predict(List<int> row, int salt, Span<float> logits)
    {
        ulong hash = (ulong)salt;
        foreach (int token in row)
        {
            hash = (hash + (ulong)token + 1) * 0x9E3779B97F4A7C15;
        }

        for (int i = 0; i < logits.Length; i++)
        {
            ulong mixed = (hash ^ (ulong)i) * 0xBF58476D1CE4E5B9;
            logits[i] = (mixed >> 48) / 65536f; // 0 to 1, in steps that are no multiples of 1/64
        }

        if (_pairs.TryGetValue(row[^1], out HashSet<int>? next))
        {
            foreach (int token in next)
            {
                logits[token] += 7;
            }
        }

        for (int i = 1; i < row.Count; i++)
        {
            if (row[i - 1] == row[^1])
            {
                logits[row[i]] += 2;
            }
        }
    }

    private sealed class Cache(FakeTransformer network, int rows) : KvCache
    {
        private readonly List<int>[] _rows = [.. Enumerable.Range(0, rows).Select(_ => new List<int>())];
        private float[] _logits = [];

        public override int Rows => _rows.Length;

        public override int Length(int row) => _rows[row].Count;

        public override void Truncate(int row, int length) => _rows[row].RemoveRange(length, _rows[row].Count - length);

        public override ReadOnlySpan<float> Logits => _logits;

        public override void CopyRow(KvCache source, int from, int to, int known = 0)
        {
            int[] copied = [.. ((Cache)source)._rows[from][known..]];
            Truncate(to, known);
            _rows[to].AddRange(copied);
        }

        public override ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, tokens.Length);
            _logits = new float[wanted * network.Vocabulary];
            for (int i = 0; i < tokens.Length; i++)
            {
                Add(row, tokens[i]);
                if (i >= tokens.Length - wanted)
                {
                    network.Predict(_rows[row], 0,
                        _logits.AsSpan((i - tokens.Length + wanted) * network.Vocabulary, network.Vocabulary));
                }
            }

            return _logits;
        }

        public override ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens)
        {
            _logits = new float[tokens.Length * network.Vocabulary];
            _logits.AsSpan().Fill(float.NaN); // nobody may look at a row that was left as it is
            network.Steps++;
            network.LargestStep = Math.Max(network.LargestStep, tokens.Length - tokens.Count(-1));
            for (int row = 0; row < tokens.Length; row++)
            {
                if (tokens[row] >= 0)
                {
                    Add(row, tokens[row]);
                    network.Predict(_rows[row], tokens.Length > 1 ? network.BrokenInBatches : 0,
                        _logits.AsSpan(row * network.Vocabulary, network.Vocabulary));
                }
            }

            return _logits;
        }

        public override void Dispose()
        {
        }

        private void Add(int row, int token)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)network.Vocabulary, nameof(token));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_rows[row].Count, network.Window, nameof(row));
            _rows[row].Add(token);
            network.Read++;
        }
    }
}
