using LinkCodec.Core.Primitives;

namespace LinkCodec.State;

// How messages come into a queue: as many as its bound allows, in their order.
internal sealed partial class SenderState
{
    private readonly SemaphoreSlim _entering = new(1, 1); // Nobody overtakes a message that waits for room.
    private readonly QueueRoom _room;
    private bool _isWaitedFor; // A message waits for room.
    private bool _isPressed;

    /// <summary>Whether the last message that was to be stored found no room.</summary>
    public bool IsPressed
    {
        get
        {
            lock (_gate)
            {
                return _isPressed;
            }
        }
    }

    /// <summary>Stores messages; they have the numbers that follow those of the call before. Waits while there is no
    /// room: what has found some is stored meanwhile.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="form">How they stand in the input.</param>
    /// <param name="cancellationToken">Abandons the wait for room; what was stored by then stays.</param>
    /// <exception cref="LinkException">A message is larger than the whole queue may be; none was stored.</exception>
    /// <exception cref="LinkStateException">They cannot be stored, as on a full disk.</exception>
    public async Task StoreAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, InputForm form,
        CancellationToken cancellationToken = default)
    {
        RequireFit(messages);
        int next = 0;
        ulong end;
        await _entering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                Task changed = Changed;
                end = Accept(messages, form, ref next);
                if (next == messages.Count)
                {
                    break;
                }

                // Only what is stored is sent, and what is delivered makes room.
                await WriteAsync(() => Stored < end, isDurable: true).ConfigureAwait(false);
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _isWaitedFor = false;
            _entering.Release();
        }

        await WriteAsync(() => Stored < end, isDurable: true).ConfigureAwait(false);
    }

    /// <summary>Stores a message that comes from no input, if there is room at once.</summary>
    /// <exception cref="LinkException">It is larger than the whole queue may be.</exception>
    /// <exception cref="LinkQueueFullException">There is no room, or others wait for it.</exception>
    /// <exception cref="LinkStateException">It cannot be stored, as on a full disk.</exception>
    public async Task StoreAtOnceAsync(ReadOnlyMemory<byte> message)
    {
        RequireFit([message]);
        ulong end;
        lock (_gate)
        {
            if (_isWaitedFor || !_room.Fits(message.Length))
            {
                ThrowIfFailed();
                Press(true);
                throw new LinkQueueFullException(FormattableString.Invariant(
                    $"The queue is full: {_room.Used} bytes are not delivered, and {_room.Limit} may be."));
            }

            int next = 0;
            end = Accept([message], InputForm.None, ref next);
        }

        await WriteAsync(() => Stored < end, isDurable: true).ConfigureAwait(false);
    }

    // Takes as many messages as there is room for; the result is the number behind the last one.
    private ulong Accept(IReadOnlyList<ReadOnlyMemory<byte>> messages, InputForm form, ref int next)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            for (; next < messages.Count && _room.Fits(messages[next].Length); next++)
            {
                ReadOnlySpan<byte> message = messages[next].Span;
                _pending.Add(QueueRecord.Message, [(ulong)form], message);
                _acceptedInput = _acceptedInput.After(form, message);
                _room.Add(++_accepted, QueueRoom.CostOf(message.Length));
                _hasPendingMessages = true;
            }

            _isWaitedFor = next < messages.Count;
            Press(_isWaitedFor);
            return _accepted;
        }
    }

    private void Press(bool isPressed)
    {
        bool isNews = isPressed && !_isPressed;
        _isPressed = isPressed;
        if (isNews)
        {
            Signal();
        }
    }

    private void RequireFit(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            if (QueueRoom.CostOf(message.Length) > _room.Limit)
            {
                throw new LinkException(LinkErrorCode.LimitExceeded, FormattableString.Invariant(
                    $"A message of {message.Length} bytes; the queue may have {_room.Limit} in all."));
            }
        }
    }
}
