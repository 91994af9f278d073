using System.Runtime.InteropServices;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Rows of keys and values in memory that the graph reads in place; the new ones that a run gives are put behind them.
/// </summary>
/// <remarks>
/// The rows all have room for the same number of columns, a power of two, which follows the longest row; the results do
/// not depend on it. The cache is a user of the session, which it lets go when disposed of.
/// </remarks>
internal sealed class OnnxKvCache : KvCache
{
    /// <summary>Tokens that one run reads into a row; longer texts are cut.</summary>
    internal const int ChunkLength = 128;

    private const int MinColumns = 32;
    private const int Shrinking = 4; // columns are moved to a place this much smaller, not before
    private readonly TransformerGraph _graph;
    private readonly GraphSession _session;
    private readonly ForwardPass _run;
    private readonly int[] _lengths;
    private readonly KvCacheLayer?[] _layers;
    private int _given; // rows of logits that the last call gave
    private bool _disposed;

    /// <summary>Empty rows; becomes one of the session's users in the caller's stead.</summary>
    internal OnnxKvCache(TransformerGraph graph, GraphSession session, int rows)
    {
        (_graph, _session) = (graph, session);
        _lengths = new int[rows];
        _layers = new KvCacheLayer?[graph.Shape.Layers];
        _run = new ForwardPass(graph, session, rows);
    }

    /// <inheritdoc/>
    public override int Rows => _lengths.Length;

    /// <summary>Columns that every row has room for now; 0 before the first token.</summary>
    internal int Columns { get; private set; }

    private TransformerShape Shape => _graph.Shape;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits => _run.Logits(_given);

    /// <inheritdoc/>
    public override int Length(int row) => _lengths[row];

    /// <inheritdoc/>
    public override void Truncate(int row, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _lengths[row]);
        _lengths[row] = length;
    }

    /// <inheritdoc/>
    public override void CopyRow(KvCache source, int from, int to, int known = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (source is not OnnxKvCache other || other._graph != _graph)
        {
            throw new ArgumentException("The rows belong to another network.", nameof(source));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)to, (uint)Rows);
        int length = other._lengths[from];
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)known, (uint)Math.Min(length, _lengths[to]),
            nameof(known));
        if (other == this && from == to)
        {
            return;
        }

        _lengths[to] = known; // the row's other columns need not be moved
        MakeRoom(length);
        for (int layer = 0; layer < _layers.Length && length > known; layer++)
        {
            _layers[layer]!.CopyRow(other._layers[layer]!, from, to, known, length);
        }

        _lengths[to] = length;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckAppend(row, tokens, wanted, Shape.Vocabulary, Shape.Window);
        MakeRoom(_lengths[row] + tokens.Length);
        int done = 0; // rows of logits so far
        for (int first = 0; first < tokens.Length; first += ChunkLength)
        {
            int count = Math.Min(ChunkLength, tokens.Length - first);
            int logits = Math.Clamp(wanted - (tokens.Length - first - count), 0, count);

            // The graph gives one row at least; one that is not wanted makes way for the next chunk's.
            _run.Chunk(_layers!, row, _lengths[row], tokens.Slice(first, count), Math.Max(logits, 1), done, wanted);
            Keep(row, 0, count);
            done += logits;
        }

        _given = wanted;
        return Logits;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        MakeRoom(CheckStep(tokens, Shape.Vocabulary, Shape.Window));
        _run.Step(_layers!, _lengths, tokens);
        for (int row = 0; row < tokens.Length; row++)
        {
            if (tokens[row] >= 0)
            {
                Keep(row, row, 1);
            }
        }

        _given = tokens.Length;
        return Logits;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _run.Dispose();
            _session.Release();
        }
    }

    /// <summary>
    /// Raises ranges to the largest magnitudes of a row's keys and values, per key head, in a cache of the form
    /// Reference: for calibration.
    /// </summary>
    internal void RaiseRanges(int row, int layer, Span<float> keys, Span<float> values)
    {
        if (_graph.Form != GraphForm.Reference)
        {
            throw new InvalidOperationException("Only caches of floats have ranges.");
        }

        KvCacheLayer? columns = _layers[layer];
        for (int head = 0; columns is not null && head < Shape.KeyValueHeads; head++)
        {
            int size = columns.RowBytes / Shape.KeyValueHeads, from = (row * columns.RowBytes) + (head * size);
            ReadOnlySpan<float> key = MemoryMarshal.Cast<byte, float>(columns.Keys.Span.Slice(from, size));
            ReadOnlySpan<float> value = MemoryMarshal.Cast<byte, float>(columns.Values.Span.Slice(from, size));
            for (int i = 0; i < key.Length; i++)
            {
                keys[head] = i % Columns < _lengths[row] ? Math.Max(keys[head], Math.Abs(key[i])) : keys[head];
                values[head] = i < _lengths[row] * Shape.HeadWidth
                    ? Math.Max(values[head], Math.Abs(value[i]))
                    : values[head];
            }
        }
    }

    private void Keep(int row, int runRow, int count)
    {
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer]!.Put(_run.NewKeys(layer, runRow, count), _run.NewValues(layer, runRow, count), count, row,
                _lengths[row], count);
        }

        _lengths[row] += count;
    }

    /// <summary>Gives every row room for so many columns, and takes back what is far more than any row needs.</summary>
    private void MakeRoom(int columns)
    {
        int needed = MinColumns;
        while (needed < Math.Max(columns, _lengths.Max()))
        {
            needed *= 2;
        }

        needed = Math.Min(needed, Shape.Window);
        if (needed <= Columns && needed > Columns / Shrinking)
        {
            return;
        }

        _run.Forget();
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            var moved = new KvCacheLayer(Rows, Shape.KeyValueHeads, Shape.HeadWidth, needed, _graph.CacheElement);
            for (int row = 0; row < Rows && _layers[layer] is not null; row++)
            {
                moved.CopyRow(_layers[layer]!, row, row, 0, _lengths[row]);
            }

            _layers[layer] = moved;
        }

        Columns = needed;
    }
}
