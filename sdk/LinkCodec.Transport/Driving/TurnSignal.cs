namespace LinkCodec.Transport.Driving;

/// <summary>Tells all who wait that a loop has gone round once more. Thread-safe.</summary>
internal sealed class TurnSignal
{
    private TaskCompletionSource? _turn; // Where somebody waits for one.

    /// <summary>Completes at the next <see cref="Set"/>.</summary>
    public Task Next
    {
        get
        {
            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _turn, turn, null) ?? turn).Task;
        }
    }

    /// <summary>The loop has gone round, or has ended.</summary>
    public void Set() => Interlocked.Exchange(ref _turn, null)?.TrySetResult();
}
