using LinkCodec.Core.Session;

namespace LinkCodec;

/// <summary>Control maps on their way: the session takes one at a time. Thread-safe.</summary>
internal sealed class ControlQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Map, TaskCompletionSource Sent)> _waiting = new();
    private TaskCompletionSource? _underWay;
    private bool _isCancelled;

    /// <summary>Queues a map; the task completes when the session is done with it, or is cancelled with the link.</summary>
    public Task Add(byte[] map)
    {
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((map, sent));
            if (_isCancelled)
            {
                sent.SetCanceled();
            }
        }

        return sent.Task;
    }

    /// <summary>Gives the session the next map if it can take one.</summary>
    public void Pump(LiveSession session)
    {
        if (!session.CanSendControl)
        {
            return;
        }

        lock (_gate)
        {
            _underWay?.TrySetResult();
            _underWay = null;
            if (_waiting.TryDequeue(out (byte[] Map, TaskCompletionSource Sent) next))
            {
                session.SendControl(next.Map);
                _underWay = next.Sent;
            }
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _isCancelled = true;
            _underWay?.TrySetCanceled();
            foreach ((_, TaskCompletionSource sent) in _waiting)
            {
                sent.TrySetCanceled();
            }
        }
    }
}
