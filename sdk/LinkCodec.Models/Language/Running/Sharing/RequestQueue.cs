namespace LinkCodec.Models.Language.Running.Sharing;

/// <summary>Requests that wait, and which of them are the next batch. Not thread-safe.</summary>
/// <remarks>
/// First come, first served, among steps and among appends. Where both wait they take turns, and an append of which something is left goes to the end: so a step waits for one piece of an
/// append at most and for the steps before it, and an append for the others' pieces.
/// </remarks>
internal sealed class RequestQueue
{
    /// <summary>Rows of a batch at most: there a row costs less than a tenth of a step alone, and more would make others wait.</summary>
    internal const int MostRows = 32;

    /// <summary>Tokens of an append that one run reads.</summary>
    internal const int Piece = 64;

    /// <summary>The same while others wait: half as long, for a tenth more a token.</summary>
    internal const int ShortPiece = 32;

    private readonly List<SharedRequest> _steps = [];
    private readonly List<SharedRequest> _appends = [];
    private bool _isAppendsTurn;

    /// <summary>All requests, steps first.</summary>
    internal IEnumerable<SharedRequest> All => _steps.Concat(_appends);

    /// <summary>Requests.</summary>
    internal int Count => _steps.Count + _appends.Count;

    /// <summary>Puts a request at the end.</summary>
    internal void Add(SharedRequest request)
    {
        request.IsQueued = true;
        (request.IsAppend ? _appends : _steps).Add(request);
    }

    /// <summary>Takes a request out, wherever it is.</summary>
    internal void Remove(SharedRequest request)
    {
        request.IsQueued = false;
        (request.IsAppend ? _appends : _steps).Remove(request);
    }

    /// <summary>Fills an empty batch; false where nothing waits.</summary>
    internal bool TryTake(SharedBatch batch)
    {
        if (Count == 0)
        {
            return false;
        }

        if (_appends.Count > 0 && (_isAppendsTurn || _steps.Count == 0))
        {
            SharedRequest append = Next(_appends);
            batch.TakeAppend(append, Count > 0 ? ShortPiece : Piece);
            _isAppendsTurn = false;
            return true;
        }

        do
        {
            batch.TakeStep(Next(_steps), MostRows);
        }
        while (_steps.Count > 0 && batch.Rows.Count + _steps[0].RowsLeft <= MostRows);
        return _isAppendsTurn = true;
    }

    private SharedRequest Next(List<SharedRequest> requests)
    {
        SharedRequest first = requests[0];
        Remove(first);
        return first;
    }
}
