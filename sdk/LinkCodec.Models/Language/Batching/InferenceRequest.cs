using System.Runtime.ExceptionServices;

namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// The request of a cache of a batched transformer: a step of its rows, or tokens for one of them. Each cache has one,
/// since it makes one call at a time.
/// </summary>
/// <remarks>Between its start and its end the scheduler's lock guards it, but for whoever runs a piece of it.</remarks>
internal sealed class InferenceRequest(BatchedKvCache cache)
{
    private int[] _tokens = [];
    private int[] _lengths = []; // lengths of the rows before the call
    private int _count;

    // A task, since the thread pool makes up for threads that wait for one: pool threads that are blocked otherwise
    // would keep the other callers from coming.
    private TaskCompletionSource<bool> _signal = new();

    /// <summary>The cache that makes the request.</summary>
    internal BatchedKvCache Cache => cache;

    /// <summary>Whether tokens go into one row, and not one token into each of many.</summary>
    internal bool IsAppend { get; private set; }

    /// <summary>The row of an append.</summary>
    internal int Row { get; private set; }

    /// <summary>The number of an append's last tokens whose logits are wanted.</summary>
    internal int Wanted { get; private set; }

    /// <summary>An append's tokens, or a step's token for each row, -1 for none.</summary>
    internal ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>The first token that no run has taken yet.</summary>
    internal int Next { get; private set; }

    /// <summary>Rows that a step has yet to take.</summary>
    internal int RowsLeft { get; private set; }

    /// <summary>Whether its caller's thread runs batches now, or was told to.</summary>
    internal bool IsLeading { get; private set; }

    /// <summary>Whether the request waits in a queue.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Whether the request is begun and not over.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>The exception that ended the request early; null where none did.</summary>
    internal Exception? Error { get; set; }

    /// <summary>Becomes an append.</summary>
    internal void SetAppend(int row, ReadOnlySpan<int> tokens, int wanted)
    {
        (IsAppend, Row, Wanted) = (true, row, wanted);
        Set(tokens);
        Remember(0, row);
    }

    /// <summary>Becomes a step.</summary>
    internal void SetStep(ReadOnlySpan<int> tokens)
    {
        IsAppend = false;
        Set(tokens);
        RowsLeft = tokens.Length - tokens.Count(-1);
        for (int row = 0; row < tokens.Length; row++)
        {
            Remember(row, row);
        }
    }

    /// <summary>Begins: its caller is about to wait.</summary>
    internal void Begin() => (IsOpen, Error, _signal) = (true, null, new TaskCompletionSource<bool>());

    /// <summary>An append's next tokens are taken by a run.</summary>
    internal ReadOnlySpan<int> TakeTokens(int count)
    {
        ReadOnlySpan<int> taken = Tokens.Slice(Next, count);
        Next += count;
        return taken;
    }

    /// <summary>The next row of a step is taken by a run.</summary>
    internal int TakeRow()
    {
        while (_tokens[Next] < 0)
        {
            Next++;
        }

        RowsLeft--;
        return Next++;
    }

    /// <summary>Whether runs have taken all of the request.</summary>
    internal bool IsTaken => IsAppend ? Next == _count : RowsLeft == 0;

    /// <summary>Blocks the request's caller.</summary>
    /// <returns>True where the caller has to lead; false at the end.</returns>
    internal bool WaitToLead() => _signal.Task.Result;

    /// <summary>Tells the request's caller to lead.</summary>
    internal void Lead()
    {
        IsLeading = true;
        _signal.SetResult(true);
    }

    /// <summary>Takes note that the request's caller has led.</summary>
    internal void StopLeading()
    {
        IsLeading = false;
        _signal = new TaskCompletionSource<bool>();
        if (!IsOpen)
        {
            _signal.SetResult(false);
        }
    }

    /// <summary>Ends the request. A request that failed leaves the rows as they were.</summary>
    internal void End()
    {
        for (int i = 0; Error is not null && i < (IsAppend ? 1 : _count); i++)
        {
            int row = IsAppend ? Row : i;
            cache.Truncate(row, _lengths[i]);
        }

        IsOpen = false;
        if (!IsLeading)
        {
            _signal.SetResult(false);
        }
    }

    /// <summary>Throws what a run threw, or why there was none.</summary>
    internal void ThrowIfFailed()
    {
        if (Error is not null)
        {
            ExceptionDispatchInfo.Throw(Error);
        }
    }

    private void Set(ReadOnlySpan<int> tokens)
    {
        if (_tokens.Length < tokens.Length)
        {
            (_tokens, _lengths) = (new int[tokens.Length], new int[tokens.Length]);
        }

        tokens.CopyTo(_tokens);
        (_count, Next) = (tokens.Length, 0);
    }

    private void Remember(int at, int row) => _lengths[at] = cache.Length(row);
}
