using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// Runs what the caches of a batched transformer ask for: all that waits at a moment together. Thread-safe.
/// </summary>
/// <remarks>
/// <para>It has no thread of its own. A caller that finds a run free leads: it runs batches, its own request among
/// them, until that is over, and hands the run to one that waits. So a caller alone makes a plain call and waits for
/// nobody, no thread has to be woken for it, and none has to be stopped at the end. As many runs as processors: where
/// no more callers come than there are runs, none of them waits for another; more than that share. No run stands idle
/// while a request is queued and a caller is there to lead: one whose request is in another's batch does, too.</para>
/// <para>A batch is what waits when it starts, never more: nobody waits for company. Which batch a row is in shows in
/// nothing but time. spec 11.9-1</para>
/// </remarks>
internal sealed class BatchScheduler : IDisposable
{
    /// <summary>
    /// Requests that are begun at most, unless the maker says otherwise; who comes then waits at the door.
    /// </summary>
    internal const int MaxRequests = 256;

    private readonly Transformer _network;
    private readonly int _mostRequests;
    private readonly object _gate = new(); // a plain object, for a monitor: callers at the door wait for it
    private readonly RequestQueue _queue = new();
    private readonly Stack<StagingCache> _stages = new();
    private readonly List<InferenceRequest> _begun = [];
    private int _freeRuns;
    private int _atDoor;
    private bool _disposed;

    /// <summary>Over a network, which has to live as long.</summary>
    internal BatchScheduler(Transformer network, int runs, int maxRequests)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRequests, 1);
        (_network, _freeRuns, _mostRequests) = (network, runs, maxRequests);
    }

    /// <summary>Requests in the queues, and callers at the door.</summary>
    internal (int Queued, int AtDoor) Waiting
    {
        get
        {
            lock (_gate)
            {
                return (_queue.Count, _atDoor);
            }
        }
    }

    /// <summary>Runs a request on this thread or another, and returns when it is over.</summary>
    /// <exception cref="ObjectDisposedException">The request's cache or the network was disposed of before the request
    /// was over.</exception>
    internal void Run(InferenceRequest request)
    {
        lock (_gate)
        {
            _atDoor++;
            while (_begun.Count == _mostRequests && !IsClosed(request))
            {
                Monitor.Wait(_gate);
            }

            _atDoor--;
            ObjectDisposedException.ThrowIf(IsClosed(request), request.Cache);
            _begun.Add(request);
            request.Begin();
            Queue(request);
        }

        while (request.WaitToLead())
        {
            Lead(request);
        }

        request.ThrowIfFailed();
    }

    /// <summary>Ends a cache's request, if it has one, and disposes of its rows once no run uses them.</summary>
    internal void Close(BatchedKvCache cache)
    {
        lock (_gate)
        {
            if (cache.IsClosed)
            {
                return;
            }

            cache.IsClosed = true;
            if (cache.Request.IsQueued)
            {
                Cancel(cache.Request);
            }
            else if (!cache.Request.IsOpen)
            {
                cache.Home.Dispose();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (InferenceRequest request in _queue.All.ToArray())
            {
                Cancel(request);
            }

            while (_stages.TryPop(out StagingCache? stage))
            {
                stage.Dispose();
            }

            Monitor.PulseAll(_gate);
        }
    }

    // The request's caller waits, and could lead.
    private static bool IsIdle(InferenceRequest request) => !request.IsLeading;

    private bool IsClosed(InferenceRequest request) => _disposed || request.Cache.IsClosed;

    private void Queue(InferenceRequest request)
    {
        _queue.Add(request);
        if (_freeRuns > 0 && !request.IsLeading)
        {
            _freeRuns--;
            request.Lead();
        }
    }

    private void Lead(InferenceRequest own)
    {
        InferenceBatch batch = new();
        while (TryTake(own, batch))
        {
            batch.Run();
            Settle(batch);
        }
    }

    // The next batch, or false where somebody else is to lead.
    private bool TryTake(InferenceRequest own, InferenceBatch batch)
    {
        lock (_gate)
        {
            batch.Clear();
            InferenceRequest? idle = _queue.All.FirstOrDefault(IsIdle);
            if (own.IsOpen && (own.IsQueued || idle is null) && _queue.TryTake(batch))
            {
                if (batch.NeedsStage)
                {
                    batch.Stage = _stages.TryPop(out StagingCache? stage)
                        ? stage
                        : new StagingCache(_network, RequestQueue.MaxRows);
                }

                return true;
            }

            own.StopLeading();
            if (_queue.Count > 0 && (idle ?? _begun.Find(IsIdle)) is { } next)
            {
                next.Lead();
            }
            else
            {
                _freeRuns++;
            }

            return false;
        }
    }

    private void Settle(InferenceBatch batch)
    {
        lock (_gate)
        {
            foreach (InferenceRequest request in batch.Requests)
            {
                if (IsClosed(request))
                {
                    request.Error ??= Closed(request);
                }

                if (request.Error is not null || request.IsTaken)
                {
                    End(request);
                }
                else
                {
                    Queue(request);
                }
            }

            if (_disposed)
            {
                batch.Stage?.Dispose();
            }
            else if (batch.Stage is not null)
            {
                _stages.Push(batch.Stage);
            }
        }
    }

    private void Cancel(InferenceRequest request)
    {
        _queue.Remove(request);
        request.Error = Closed(request);
        End(request);
    }

    private void End(InferenceRequest request)
    {
        request.End();
        _begun.Remove(request);
        Monitor.Pulse(_gate);
        if (request.Cache.IsClosed)
        {
            request.Cache.Home.Dispose();
        }
    }

    private static ObjectDisposedException Closed(InferenceRequest request) =>
        new(request.Cache.GetType().FullName, "The language model was disposed of before its turn came.");
}
