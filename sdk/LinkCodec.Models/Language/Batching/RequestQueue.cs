namespace LinkCodec.Models.Language.Batching;

/// <summary>Requests that wait, and which of them are the next batch. Not thread-safe.</summary>
/// <remarks>
/// First come, first served, among steps and among appends. Where both wait they take turns, and an append of which
/// something is left goes to the end: so a step waits for one piece of an append at most and for the steps before it,
/// and an append for the others' pieces.
/// </remarks>
internal sealed class RequestQueue
{
    /// <summary>
    /// Rows of a batch at most: there a row costs less than a tenth of a step alone, and more would make others wait.
    /// </summary>
    internal const int MaxRows = 32;

    /// <summary>Tokens of an append that one run reads.</summary>
    internal const int Piece = 64;

    /// <summary>Tokens of a piece while others wait: half as long, for a tenth more a token.</summary>
    internal const int ShortPiece = 32;

    private readonly List<InferenceRequest> _steps = [];
    private readonly List<InferenceRequest> _appends = [];
    private bool _isAppendsTurn;

    /// <summary>The requests, all of them, steps first.</summary>
    internal IEnumerable<InferenceRequest> All => _steps.Concat(_appends);

    /// <summary>The number of requests.</summary>
    internal int Count => _steps.Count + _appends.Count;

    /// <summary>Puts a request at the end.</summary>
    internal void Add(InferenceRequest request)
    {
        request.IsQueued = true;
        (request.IsAppend ? _appends : _steps).Add(request);
    }

    /// <summary>Takes a request out, wherever it is.</summary>
    internal void Remove(InferenceRequest request)
    {
        request.IsQueued = false;
        (request.IsAppend ? _appends : _steps).Remove(request);
    }

    /// <summary>Fills an empty batch; false where nothing waits.</summary>
    internal bool TryTake(InferenceBatch batch)
    {
        if (Count == 0)
        {
            return false;
        }

        if (_appends.Count > 0 && (_isAppendsTurn || _steps.Count == 0))
        {
            InferenceRequest append = Next(_appends);
            batch.TakeAppend(append, Count > 0 ? ShortPiece : Piece);
            _isAppendsTurn = false;
            return true;
        }

        do
        {
            batch.TakeStep(Next(_steps), MaxRows);
        }
        while (_steps.Count > 0 && batch.Rows.Count + _steps[0].RowsLeft <= MaxRows);
        return _isAppendsTurn = true;
    }

    private InferenceRequest Next(List<InferenceRequest> requests)
    {
        InferenceRequest first = requests[0];
        Remove(first);
        return first;
    }
}
