using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;

namespace LinkCodec.Simulator.Proxy;

/// <summary>
/// Datagrams on the way, by time of arrival. Adding and taking is for one thread at a time; waking and waiting is not
/// bound to it.
/// </summary>
internal sealed class DeliveryQueue
{
    private readonly PriorityQueue<byte[], (Timestamp At, long Order)> _queue = new();
    private TaskCompletionSource _woken = New();
    private long _order;

    public long Bytes { get; private set; }

    public Timestamp Next => _queue.TryPeek(out _, out (Timestamp At, long Order) first) ? first.At : Timestamp.Never;

    public void Add(Arrival arrival)
    {
        Bytes += arrival.Bytes.Length;
        _queue.Enqueue(arrival.Bytes, (arrival.At, _order++));
    }

    public byte[]? TakeDue(Timestamp now)
    {
        if (Next > now || !_queue.TryDequeue(out byte[]? bytes, out _))
        {
            return null;
        }

        Bytes -= bytes.Length;
        return bytes;
    }

    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>
    /// Waits until <paramref name="longest"/> has passed or something was added since the last wait ended.
    /// </summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource woken = _woken;
        using CancellationTokenSource timer = new(longest, time);
        using CancellationTokenRegistration fired = timer.Token.UnsafeRegister(
            static s => ((TaskCompletionSource)s!).TrySetResult(), woken);
        await woken.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _woken, New());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
