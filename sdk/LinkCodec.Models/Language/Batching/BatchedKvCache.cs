using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// Rows of a <see cref="BatchedTransformer"/>. They lie in a cache of the network within, their home, which runs them
/// in place where they are alone.
/// </summary>
internal sealed class BatchedKvCache : KvCache
{
    private readonly BatchedTransformer _network;
    private readonly KvCache _home;
    private readonly InferenceRequest _request;
    private readonly long[] _names;
    private float[] _gathered = []; // logits of a request that was not one run of the home
    private int _given;
    private bool _isGathered;

    internal BatchedKvCache(BatchedTransformer network, KvCache home)
    {
        (_network, _home, _request) = (network, home, new InferenceRequest(this));
        _names = [.. Enumerable.Range(0, home.Rows).Select(_ => network.NameRow())];
    }

    /// <inheritdoc/>
    public override int Rows => _home.Rows;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits =>
        _isGathered ? _gathered.AsSpan(0, _given * _network.Vocabulary) : _home.Logits;

    /// <summary>Whether the cache was disposed of. Guarded by the scheduler's lock, as its request is.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>The request that this cache makes its calls with.</summary>
    internal InferenceRequest Request => _request;

    /// <summary>The cache in which the rows lie.</summary>
    internal KvCache Home => _home;

    /// <inheritdoc/>
    public override int Length(int row) => _home.Length(row);

    /// <summary>A row's name. What it has held under it, it holds still: tokens are only added.</summary>
    internal long Name(int row) => _names[row];

    /// <inheritdoc/>
    public override void Truncate(int row, int length)
    {
        if (length != _home.Length(row))
        {
            _home.Truncate(row, length);
            _names[row] = _network.NameRow();
        }
    }

    /// <inheritdoc/>
    public override void CopyRow(KvCache source, int from, int to, int known = 0)
    {
        if (source is not BatchedKvCache other || other._network != _network)
        {
            throw new ArgumentException("The rows belong to another network.", nameof(source));
        }

        _home.CopyRow(other._home, from, to, known);
        if (other == this && from != to)
        {
            // Whoever copies within a cache goes on with the copy: it takes over what is known of the row elsewhere.
            (_names[to], _names[from]) = (_names[from], _network.NameRow());
        }
        else if (other != this)
        {
            _names[to] = _network.NameRow();
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted)
    {
        CheckAppend(row, tokens, wanted, _network.Vocabulary, _network.Window);
        _request.SetAppend(row, tokens, wanted);
        _network.Scheduler.Run(_request);
        return Logits;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens)
    {
        CheckStep(tokens, _network.Vocabulary, _network.Window);
        _request.SetStep(tokens);
        if (_request.RowsLeft == 0)
        {
            Gather(tokens.Length); // the logits of a step without tokens mean nothing
            return Logits;
        }

        _network.Scheduler.Run(_request);
        return Logits;
    }

    /// <inheritdoc/>
    public override void Dispose() => _network.Scheduler.Close(this);

    /// <summary>Runs an append's next tokens in place.</summary>
    internal void RunAppend(int count)
    {
        int behind = _request.Tokens.Length - _request.Next - count;
        int logits = Math.Clamp(_request.Wanted - behind, 0, count);
        ReadOnlySpan<float> given = _home.Append(_request.Row, _request.TakeTokens(count), Math.Max(logits, 1));
        _isGathered = false;
        if (logits < _request.Wanted)
        {
            Gather(_request.Wanted);
            int first = Math.Max(0, _request.Wanted - behind - logits);
            given[..(logits * _network.Vocabulary)].CopyTo(_gathered.AsSpan(first * _network.Vocabulary));
        }
    }

    /// <summary>Runs a step of all its rows in place.</summary>
    internal void RunStep()
    {
        _home.Step(_request.Tokens);
        _isGathered = false;
    }

    /// <summary>Takes a row of a step that ran elsewhere.</summary>
    /// <param name="stage">The cache in which the step ran.</param>
    /// <param name="seat">The row there, with one token more than here.</param>
    /// <param name="row">The row here.</param>
    /// <param name="logits">The row's logits, one for each token of the vocabulary.</param>
    internal void Take(KvCache stage, int seat, int row, ReadOnlySpan<float> logits)
    {
        _home.CopyRow(stage, seat, row, _home.Length(row));
        Gather(_request.Tokens.Length);
        logits.CopyTo(_gathered.AsSpan(row * _network.Vocabulary));
    }

    private void Gather(int rows)
    {
        (_isGathered, _given) = (true, rows);
        if (_gathered.Length < rows * _network.Vocabulary)
        {
            Array.Resize(ref _gathered, checked(rows * _network.Vocabulary));
        }
    }
}
