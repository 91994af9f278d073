using LinkCodec.Codec;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.State;

/// <summary>Sends what a durable queue holds in one session.</summary>
/// <param name="state">The queue.</param>
/// <param name="session">The session.</param>
/// <param name="carry">Brings a message into the form in which it crosses the link.</param>
/// <param name="completing">Completes when no message follows.</param>
internal sealed class SessionRun(
    SenderState state, SenderSession session, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> carry, Task completing)
{
    private const int MostMessages = 1024;
    private const int MostBytes = 64 << 10;

    private QueueAnnouncement _announcement;
    private ulong _first; // The number in the queue of the session's first message.
    private MessageFormat? _format; // As the receiver was told.
    private bool _isAnnounced;

    /// <summary>Messages of the queue before this number have left.</summary>
    public ulong Sent => session.Run.With(_ => _first + session.Stream.SentEnd);

    /// <summary>Sends, until all messages are delivered and none follows.</summary>
    /// <exception cref="LinkException">The session ended before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await state.BeginSessionAsync().ConfigureAwait(false);

        // Where nothing can have got through that is not known of, there is nothing to ask.
        bool asks = state.Epoch > 1 && state.Delivered < state.Stored;
        _first = state.Delivered;
        _announcement = new QueueAnnouncement(state.Queue, state.Epoch, _first, asks);
        if (asks)
        {
            // spec 4.8-3
            await AskAsync(cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = WatchAsync(stop.Token);
        try
        {
            await SendAsync(watching, cancellationToken).ConfigureAwait(false);
            await session.WhenThroughAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        state.ReadFrom(_first).TryNext(out QueuedMessage pending);
        Announce(QueuedInput.FormatOf(pending.Form), tail: null);
        _first = ((Told)await session.Run.WhenAsync(
            _ =>
            {
                session.ThrowIfEnded();
                return session.Stream.Delivered is { } told ? new Told(told) : null;
            },
            cancellationToken).ConfigureAwait(false)).Count;
        await TakeAsync(_first).ConfigureAwait(false);
    }

    private async Task SendAsync(Task watching, CancellationToken cancellationToken)
    {
        QueueCursor cursor = state.ReadFrom(_first);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed = state.Changed;
            bool isLast = completing.IsCompleted; // Before the look at what is stored.
            List<QueuedMessage> batch = ReadBatch(cursor);
            if (batch.Count > 0)
            {
                await SendAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            else if (isLast)
            {
                if (!_isAnnounced)
                {
                    Announce(null, tail: null); // spec 4.8-2
                }

                await session.WhenControlsLeftAsync(cancellationToken).ConfigureAwait(false);
                session.Run.Do(_ => session.Stream.Complete());
                return;
            }
            else
            {
                await Task.WhenAny(changed, completing, watching, session.Run.Completion)
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
                session.Run.With(_ =>
                {
                    session.ThrowIfEnded();
                    return 0;
                });
                await (watching.IsFaulted ? watching : Task.CompletedTask).ConfigureAwait(false);
            }
        }
    }

    private static List<QueuedMessage> ReadBatch(QueueCursor cursor)
    {
        List<QueuedMessage> batch = [];
        for (int bytes = 0; batch.Count < MostMessages && bytes < MostBytes
            && cursor.TryNext(out QueuedMessage message); bytes += message.Content.Length)
        {
            batch.Add(message);
        }

        return batch;
    }

    private async Task SendAsync(List<QueuedMessage> batch, CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> waiting = [];
        foreach (QueuedMessage message in batch)
        {
            MessageFormat? format = QueuedInput.FormatOf(message.Form);
            bool isOpen = message.Form is InputForm.OpenLine or InputForm.OpenRecord;
            if (isOpen || !_isAnnounced || (format is not null && format != _format))
            {
                // What is told of a message comes before it; where something was told before, it must have come.
                await QueueAsync(waiting, cancellationToken).ConfigureAwait(false);
                bool isFirst = !_isAnnounced;
                Announce(format, isOpen ? message.Number - _first : null);
                if (isOpen || !isFirst)
                {
                    await session.WhenControlsLeftAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            waiting.Add(carry(message.Content));
        }

        await QueueAsync(waiting, cancellationToken).ConfigureAwait(false);
    }

    private async Task QueueAsync(List<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken)
    {
        await session.QueueAsync([.. messages], () => { }, cancellationToken).ConfigureAwait(false);
        messages.Clear();
    }

    private void Announce(MessageFormat? format, ulong? tail)
    {
        _isAnnounced = true;
        _format = format ?? _format;
        session.SendControl(_format is { } told
            ? new StreamLayout(told, tail) { Queue = _announcement }.ToControl()
            : Core.Endpoint.ControlMap.Write(_announcement.Entries));
    }

    // Notes what the receiver tells, until the session is over.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        ulong known = _first;
        while (true)
        {
            known = ((Told)await session.Run.WhenAsync(
                _ => session.Stream.Delivered is { } told && told > known ? new Told(told) : null, cancellationToken)
                .ConfigureAwait(false)).Count;
            await TakeAsync(known).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(ulong delivered)
    {
        // spec 4.8-6
        if (delivered > state.Stored)
        {
            throw new LinkException(LinkErrorCode.QueueRefused,
                "The receiver has more of this queue than this end: its state is a copy, or was set back.");
        }

        if (delivered < _announcement.Number)
        {
            throw new LinkException(LinkErrorCode.Canceled,
                "The receiver has less of this queue than it told: its state was set back.");
        }

        await state.DeliverAsync(delivered).ConfigureAwait(false);
    }

    private sealed record Told(ulong Count);
}
