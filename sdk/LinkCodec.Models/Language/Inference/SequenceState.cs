namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The state that the next token depends on: a row of the network with its tokens, their weights, the history, and the
/// tables of ends and of matches. Not thread-safe; many may copy from one that nobody changes.
/// </summary>
/// <remarks>
/// Memory: 4 bytes a token of the vocabulary and of the window and 65 KB of history, beside the cache's row.
/// </remarks>
internal sealed class SequenceState
{
    private const int LargestRead = 256; // tokens read at once: bounds what a call of the network takes
    private readonly LanguageModel _model;
    private readonly KvCache _cache;
    private readonly int[] _tokens; // tokens in the row, the begin token first
    private readonly uint[] _weights;
    private readonly TokenMatchModel _history = new();
    private readonly MatchProbabilityMap _matches = new();
    private int _place; // place of the candidate's probability
    private int _predicted; // tokens of the row that the weights follow

    /// <summary>Takes a row of a cache; it holds nothing until <see cref="Begin"/> or <see cref="CopyFrom"/>.</summary>
    internal SequenceState(LanguageModel model, KvCache cache, int row)
    {
        (_model, _cache, Row) = (model, cache, row);
        _tokens = new int[model.Shape.Window];
        _weights = new uint[model.Shape.Vocabulary];
    }

    /// <summary>The state's row of the cache; changes where rows change places.</summary>
    internal int Row { get; set; }

    /// <summary>Tokens in the row, the begin token among them.</summary>
    internal int Count { get; private set; }

    /// <summary>Tokens that the row takes before it is full.</summary>
    internal int Room => _tokens.Length - Count;

    /// <summary>Weights of the next token where it is not the candidate.</summary>
    internal ReadOnlySpan<uint> Weights => _weights;

    /// <summary>The token that came in the earlier place most like this one; -1 for none. spec 11.5-6</summary>
    internal int Candidate { get; private set; } = -1;

    /// <summary>Slots of the scale for another token than the candidate; 0 where there is none.</summary>
    internal uint NoMatch { get; private set; }

    /// <summary>Bin of the odds that a line ends here.</summary>
    internal int Bin { get; private set; }

    /// <summary>The probabilities that messages end.</summary>
    internal EndProbabilityMap Ends { get; } = new();

    /// <summary>Starts a row: the begin token, and tokens that stand before any message.</summary>
    internal void Begin(ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(_tokens.AsSpan(1));
        _history.Clear();
        _history.Add(tokens);
        Predict(Reread(tokens.Length));
    }

    /// <summary>Makes this state equal to another one.</summary>
    internal void CopyFrom(SequenceState other)
    {
        _cache.CopyRow(other._cache, other.Row, Row);
        other._tokens.AsSpan(0, other.Count).CopyTo(_tokens);
        other._weights.CopyTo(_weights, 0);
        Ends.CopyFrom(other.Ends);
        _history.CopyFrom(other._history);
        _matches.CopyFrom(other._matches);
        (Count, Bin, Candidate, NoMatch, _place, _predicted) = (other.Count, other.Bin, other.Candidate, other.NoMatch,
            other._place, other._predicted);
    }

    /// <summary>Moves with its row to another one of the same cache.</summary>
    internal void MoveTo(int row)
    {
        _cache.CopyRow(_cache, Row, row);
        Row = row;
    }

    /// <summary>
    /// Where the row is full, keeps its last tokens alone, read again from its start. The weights stay: the next token
    /// is the one that the full row has predicted.
    /// </summary>
    internal void ShiftContext()
    {
        if (Room == 0)
        {
            Keep(_model.Shape.Overlap); // spec 11.6-1
        }
    }

    /// <summary>
    /// Forgets all tokens but the last ones, and reads these again from the row's start. The weights stay.
    /// </summary>
    internal void Keep(int count)
    {
        count = Math.Min(count, Count - 1);
        _tokens.AsSpan(Count - count, count).CopyTo(_tokens.AsSpan(1));
        Reread(count);
    }

    /// <summary>Reads tokens; each takes effect when <see cref="Advance"/> is told its logits.</summary>
    /// <param name="tokens">The tokens, at most <see cref="Room"/>.</param>
    /// <returns>Row after row of logits, one after each token; valid until the cache's next call.</returns>
    internal ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens)
    {
        Add(tokens);
        return _cache.Append(Row, tokens, tokens.Length);
    }

    /// <summary>Takes note of a token that a step of the cache is about to read.</summary>
    internal void Add(ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(_tokens.AsSpan(Count));
        Count += tokens.Length;
    }

    /// <summary>Goes on behind a token of a message that was read.</summary>
    /// <param name="token">The token that was read.</param>
    /// <param name="logits">The logits that the network gave after the token.</param>
    internal void Advance(int token, ReadOnlySpan<float> logits)
    {
        if (Candidate >= 0)
        {
            _matches.Learn(_place, came: token == Candidate); // spec 11.5-9
        }

        _history.Add(token);
        _predicted++;
        Predict(logits);
    }

    /// <summary>Reads the token between two messages, from which nothing is learned.</summary>
    internal void Join()
    {
        _history.Add(_model.Separator);
        _predicted++;
        Predict(Append([_model.Separator]));
    }

    private void Predict(ReadOnlySpan<float> logits)
    {
        Bin = _model.Softmax.Fill(logits, _predicted, _weights, out ulong sum);
        int found = _history.Find(out int length, out int rival);
        (Candidate, NoMatch) = (-1, 0);
        if (found >= 0 && !_model.IsEscape(found))
        {
            Candidate = found;
            _place = MatchProbabilityMap.Place(length, rival, _weights[Candidate], sum);
            NoMatch = _matches.No(_place);
            _weights[Candidate] = 1; // spec 11.5-7
        }
    }

    // Gives the last token's logits.
    private ReadOnlySpan<float> Reread(int count)
    {
        _tokens[0] = _model.Tokens.BeginToken;
        _predicted = Count = count + 1;
        _cache.Truncate(Row, 0);
        int at = 0;
        for (; Count - at > LargestRead; at += LargestRead)
        {
            _cache.Append(Row, _tokens.AsSpan(at, LargestRead), 1);
        }

        return _cache.Append(Row, _tokens.AsSpan(at, Count - at), 1);
    }
}
