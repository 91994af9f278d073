namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// The work of one run: some tokens of one append, or a token of each of many rows. The thread that leads uses one
/// batch again and again.
/// </summary>
internal sealed class InferenceBatch
{
    /// <summary>Requests that it takes a part of, or all.</summary>
    internal List<InferenceRequest> Requests { get; } = [];

    /// <summary>Rows that step.</summary>
    internal List<(InferenceRequest Request, int Row)> Rows { get; } = [];

    /// <summary>Tokens of the append; 0 for a batch of steps.</summary>
    internal int Appended { get; private set; }

    /// <summary>The cache in which rows of several homes meet; null where none is needed.</summary>
    internal StagingCache? Stage { get; set; }

    /// <summary>
    /// Whether the batch steps anything else than all rows of one request, which are side by side at home.
    /// </summary>
    internal bool NeedsStage => Appended == 0 && (Requests.Count > 1 || Rows.Count < Requests[0].Tokens.Length);

    /// <summary>Becomes empty.</summary>
    internal void Clear()
    {
        Requests.Clear();
        Rows.Clear();
        (Appended, Stage) = (0, null);
    }

    /// <summary>Takes an append's next tokens, at most so many.</summary>
    internal void TakeAppend(InferenceRequest request, int maxTokens)
    {
        Requests.Add(request);
        Appended = Math.Min(request.Tokens.Length - request.Next, maxTokens);
    }

    /// <summary>Takes rows of a step, at most so many in all.</summary>
    internal void TakeStep(InferenceRequest request, int maxRows)
    {
        Requests.Add(request);
        while (request.RowsLeft > 0 && Rows.Count < maxRows)
        {
            Rows.Add((request, request.TakeRow()));
        }
    }

    /// <summary>Runs the batch. Its requests' error tells of a failure.</summary>
    internal void Run()
    {
        try
        {
            if (Appended > 0)
            {
                Requests[0].Cache.RunAppend(Appended);
            }
            else if (Stage is null)
            {
                Requests[0].Cache.RunStep();
            }
            else
            {
                Stage.Step(Rows);
            }
        }
        catch (Exception e) // each caller gets the exception
        {
            foreach (InferenceRequest request in Requests)
            {
                request.Error = e;
            }
        }
    }
}
