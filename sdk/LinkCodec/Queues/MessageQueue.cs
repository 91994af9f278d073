using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>A queue from one thread to another, bounded by number and by bytes: whoever adds waits for room.</summary>
/// <remarks>One adds at a time and one takes at a time. An item larger than the bound has the queue to itself.</remarks>
/// <param name="maxCount">Items at most.</param>
/// <param name="maxBytes">Bytes beyond which nothing more is added.</param>
/// <param name="sizeOf">Bytes of an item.</param>
internal sealed class MessageQueue<T>(int maxCount, long maxBytes, Func<T, int> sizeOf)
{
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WakeSignal _room = new();
    private long _bytes;
    private int _count;
    private volatile bool _isComplete;

    /// <summary>Items that wait.</summary>
    public int Count => Volatile.Read(ref _count);

    private bool IsFull => Volatile.Read(ref _count) >= maxCount || Interlocked.Read(ref _bytes) >= maxBytes;

    /// <summary>Adds an item once there is room.</summary>
    /// <exception cref="ChannelClosedException">The queue was completed.</exception>
    public async ValueTask AddAsync(T item, CancellationToken cancellationToken)
    {
        while (IsFull && !_isComplete)
        {
            await _room.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, sizeOf(item));
        if (!_items.Writer.TryWrite(item))
        {
            throw new ChannelClosedException();
        }
    }

    /// <summary>Takes an item if one waits.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (!_items.Reader.TryRead(out item))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -sizeOf(item));
        _room.Set();
        return true;
    }

    /// <summary>Waits for an item; false when the queue is completed and empty.</summary>
    public ValueTask<bool> WaitToTakeAsync(CancellationToken cancellationToken) => _items.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what comes until the queue is completed and empty.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToTakeAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryTake(out T? item))
            {
                yield return item;
            }
        }
    }

    /// <summary>Nothing is added any more; what waits can still be taken, and then <paramref name="error"/> is thrown, if there is one.</summary>
    public void Complete(Exception? error = null)
    {
        _isComplete = true;
        _items.Writer.TryComplete(error);
        _room.Set();
    }
}
