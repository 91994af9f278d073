namespace LinkCodec.State;

// What a queue notes beside its messages.
internal sealed partial class SenderState
{
    /// <summary>Notes that messages before a number are delivered; a note that is lost costs a question.</summary>
    public async Task DeliverAsync(ulong delivered)
    {
        bool writes;
        lock (_gate)
        {
            if (delivered <= Delivered || _failure is not null)
            {
                return;
            }

            Delivered = delivered;
            _room.Deliver(delivered);
            _pending.Add(QueueRecord.Delivered, [delivered]);
            writes = !_hasPendingMessages; // Otherwise whoever stores those writes it with them.
            Signal();
        }

        if (writes)
        {
            await WriteAsync(() => true, isDurable: false).ConfigureAwait(false);
        }
    }

    /// <summary>Notes what was reported; a note that is lost costs bytes that are sent again.</summary>
    public async Task ReportAsync(ulong number, ulong bytes)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            Reported = (number, bytes);
            _pending.Add(QueueRecord.Reported, [number, bytes]);
        }

        await WriteAsync(() => true, isDurable: false).ConfigureAwait(false);
    }

    /// <summary>Notes that all messages are delivered, durably.</summary>
    public Task DeliverAllAsync() => NoteAsync(() =>
    {
        Delivered = Stored;
        _room.Deliver(Delivered);
        _pending.Add(QueueRecord.Delivered, [Delivered]);
    });

    /// <summary>Counts another session, durably.</summary>
    public Task BeginSessionAsync() => NoteAsync(() =>
    {
        Epoch++;
        _pending.Add(QueueRecord.Epoch, [Epoch]);
    });

    /// <summary>Notes that the receiver has refused this queue, durably.</summary>
    public Task RefuseAsync() => NoteAsync(() =>
    {
        IsRefused = true;
        _pending.Add(QueueRecord.Refused, []);
    });

    private async Task NoteAsync(Action add)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            add();
        }

        await WriteAsync(() => true, isDurable: true).ConfigureAwait(false);
    }
}
