namespace LinkCodec.Transport.Driving;

/// <summary>Wakes one waiter; a signal while nobody waits is kept, further ones join it. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    public void Set()
    {
        lock (_gate)
        {
            if (_waiter is null)
            {
                _isSet = true;
                return;
            }

            _waiter.TrySetResult();
            _waiter = null;
        }
    }

    /// <summary>A task that completes at the next signal; the same one until then.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }
}
