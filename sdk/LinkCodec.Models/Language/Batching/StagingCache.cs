using System.Numerics;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// Rows of several caches side by side, to be stepped together: copies, each of which stays as long as nobody else
/// needs its seat. Not thread-safe.
/// </summary>
/// <remarks>
/// A row that steps again costs the columns that it has got since, so next to nothing; one that comes anew is copied
/// whole: at 775 tokens of a model of 135 million parameters some 0.4 ms, less than half of what its part of a step
/// takes. So rows are always packed, and none runs idle. Memory: seats, a power of two, with room for the longest row.
/// </remarks>
internal sealed class StagingCache(Transformer network, int maxRows) : IDisposable
{
    private readonly long[] _names = new long[maxRows]; // names of the rows that seats hold; 0 for none
    private readonly int[] _seats = new int[maxRows];   // seats of the batch's rows
    private readonly int[] _tokens = new int[maxRows];  // tokens, by seat
    private KvCache? _cache;

    /// <summary>Steps the next token of rows.</summary>
    /// <param name="rows">The rows, each once; at most as many as there are seats.</param>
    internal void Step(List<(InferenceRequest Request, int Row)> rows)
    {
        try
        {
            KvCache cache = MakeRoom(rows.Count);
            Seat(rows, cache);
            ReadOnlySpan<float> logits = cache.Step(_tokens.AsSpan(0, rows.Count));
            for (int i = 0; i < rows.Count; i++)
            {
                (InferenceRequest request, int row) = rows[i];
                request.Cache.Take(cache, _seats[i], row,
                    logits.Slice(_seats[i] * network.Vocabulary, network.Vocabulary));
            }
        }
        catch
        {
            Array.Clear(_names); // seats may be ahead of their rows
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cache?.Dispose();

    private KvCache MakeRoom(int rows)
    {
        if (_cache is null || _cache.Rows < rows)
        {
            Array.Clear(_names);
            _cache?.Dispose();
            _cache = null;
            _cache = network.CreateCache(Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)rows), maxRows));
        }

        return _cache;
    }

    // The batch takes the first seats. Those that sit there stay.
    private void Seat(List<(InferenceRequest Request, int Row)> rows, KvCache cache)
    {
        Span<bool> taken = stackalloc bool[rows.Count];
        int longest = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            (InferenceRequest request, int row) = rows[i];
            longest = Math.Max(longest, request.Cache.Length(row));
            _seats[i] = Array.IndexOf(_names, request.Cache.Name(row), 0, rows.Count);
            if (_seats[i] >= 0)
            {
                taken[_seats[i]] = true;
            }
        }

        for (int seat = 0; seat < cache.Rows; seat++)
        {
            bool isTaken = seat < rows.Count && taken[seat];
            // a long row that nobody uses would make the others' steps wide
            if (!isTaken && (seat < rows.Count || cache.Length(seat) > longest))
            {
                _names[seat] = 0;
                cache.Truncate(seat, 0);
            }
        }

        for (int i = 0; i < rows.Count; i++)
        {
            (InferenceRequest request, int row) = rows[i];
            if (_seats[i] < 0)
            {
                _seats[i] = taken.IndexOf(false);
                taken[_seats[i]] = true;
            }

            int seat = _seats[i];
            cache.CopyRow(request.Cache.Home, row, seat, cache.Length(seat));
            _names[seat] = request.Cache.Name(row);
            _tokens[seat] = request.Tokens[row];
        }
    }
}
