using LinkCodec.Codec;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.State;

/// <summary>Sends what a durable queue holds in one session.</summary>
/// <param name="state">The queue.</param>
/// <param name="session">The session.</param>
/// <param name="carry">Brings a message into the form in which it crosses the link.</param>
/// <param name="completing">Completes when no message follows.</param>
internal sealed partial class SessionRun(
    SenderState state, SenderSession session, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> carry, Task completing)
{
    private const int MostMessages = 1024;
    private const int MostBytes = 64 << 10;

    private QueueAnnouncement _announcement;
    private ulong _first; // The number in the queue of the session's first message.
    private MessageFormat? _format; // As the receiver was told.
    private readonly List<ulong> _tails = []; // Messages of the session, told to be open, in order.
    private bool _isAnnounced;

    /// <summary>Messages of the queue before this number have left.</summary>
    public ulong Sent => session.Run.With(_ => _first + session.Stream.SentEnd);

    /// <summary>Sends, until all messages are delivered and none follows.</summary>
    /// <exception cref="LinkException">The session ended before.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await state.BeginSessionAsync().ConfigureAwait(false);

        // An earlier session may have brought more through than this end knows of. spec 4.8-3
        bool asks = state.Epoch > 1 && state.Delivered < state.Stored;
        _first = state.Delivered;
        _from = _first;
        _announcement = new QueueAnnouncement(state.Queue, state.Epoch, _first, asks)
        {
            Begun = asks ? FindBegun() : null,
        };
        session.Run.Do(_ =>
        {
            session.Stream.TrackReports(_from - _first);
            session.Stream.Asks = asks;
        });
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = WatchAsync(stop.Token);
        Task keeping = KeepAsync(stop.Token);
        Task filling = asks ? FillAsync(stop.Token) : Task.CompletedTask;
        Task noting = NoteAsync(filling, stop.Token);
        try
        {
            await SendAsync(watching, filling, cancellationToken).ConfigureAwait(false);
            Task through = session.WhenThroughAsync(cancellationToken);
            await Task.WhenAny(through, watching).ConfigureAwait(false);
            await (watching.IsFaulted ? watching : through).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(watching, keeping, filling, noting)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(Task watching, Task filling, CancellationToken cancellationToken)
    {
        QueueCursor cursor = state.ReadFrom(_from);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed = state.Changed;
            bool isPressed = state.IsPressed;
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
                    Announce(FirstFormat()); // spec 4.8-2
                }

                await session.WhenControlsLeftAsync(cancellationToken).ConfigureAwait(false);
                await Task.WhenAny(filling, watching, session.Run.Completion)
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
                session.Run.Do(_ => session.Stream.Complete());
                return;
            }
            else
            {
                session.Run.Do(_ => session.Stream.IsPressed = isPressed);
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

    private static List<QueuedMessage> ReadBatch(QueueCursor cursor, ulong end = ulong.MaxValue)
    {
        List<QueuedMessage> batch = [];
        for (int bytes = 0; batch.Count < MostMessages && bytes < MostBytes && cursor.Next < end
            && cursor.TryNext(out QueuedMessage message); bytes += message.Content.Length)
        {
            batch.Add(message);
        }

        return batch;
    }

    private async Task SendAsync(List<QueuedMessage> batch, CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> waiting = [];
        ulong first = batch[0].Number - _first;
        foreach (QueuedMessage message in batch)
        {
            MessageFormat? format = QueuedInput.FormatOf(message.Form);
            bool isOpen = message.Form is InputForm.OpenLine or InputForm.OpenRecord;
            if (isOpen || !_isAnnounced || (format is not null && format != _format))
            {
                // What is told of a message comes before it; where something was told before, it must have come.
                first = await QueueAsync(waiting, first, cancellationToken).ConfigureAwait(false);
                bool isFirst = !_isAnnounced;
                await ForgetTailsAsync(format is null || format == _format ? StreamLayout.MaxEarlierTails : 0,
                    cancellationToken).ConfigureAwait(false);
                if (isOpen)
                {
                    _tails.Add(message.Number - _first);
                }

                Announce(format);
                if (!isFirst) // The receiver waits for the first word before it gives anything out.
                {
                    await session.WhenControlsLeftAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            waiting.Add(carry(message.Content));
            if (message.Number == _from && _begunBytes > 0)
            {
                first = await QueueAsync(waiting, first, cancellationToken, _begunBytes).ConfigureAwait(false);
            }
        }

        await QueueAsync(waiting, first, cancellationToken).ConfigureAwait(false);
    }

    // The result is the number behind the last one.
    private async Task<ulong> QueueAsync(List<ReadOnlyMemory<byte>> messages, ulong first,
        CancellationToken cancellationToken, int start = 0)
    {
        await session.QueueAsync([.. messages], () => { }, cancellationToken, first, start).ConfigureAwait(false);
        first += (ulong)messages.Count;
        messages.Clear();
        return first;
    }

    // What is told replaces what was told before, which the receiver may need until it has delivered the message.
    // spec 4.2-5
    private async Task ForgetTailsAsync(int most, CancellationToken cancellationToken)
    {
        ulong oldest = _tails.Count > most ? _tails[_tails.Count - most - 1] + 1 : 0;
        session.Run.Do(_ => session.Stream.IsPressed = oldest > 0);
        ulong delivered = (await session.Run.WhenAsync(
            _ =>
            {
                session.ThrowIfEnded();
                ulong told = session.Stream.Delivered ?? 0;
                return oldest == 0 || told >= _first + oldest ? new Told(told) : null;
            },
            cancellationToken).ConfigureAwait(false)).Count;
        _tails.RemoveAll(tail => _first + tail < delivered);
    }

    private void Announce(MessageFormat? format)
    {
        _isAnnounced = true;
        _format = format ?? _format;
        session.SendControl(_format is { } told
            ? new StreamLayout(told, _tails.Count > 0 ? _tails[^1] : null)
            {
                EarlierTails = [.. _tails.SkipLast(1)],
                Queue = _announcement,
            }.ToControl()
            : Core.Endpoint.ControlMap.Write(_announcement.Entries));
    }

    // Notes what the receiver tells, until the session is over.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        ulong known = _first;
        while (true)
        {
            Told news = await session.Run.WhenAsync(
                _ => session.Stream.Delivered is { } told && told > known ? new Told(told)
                    : session.Stream.Closing is not null ? new Told(known) : null,
                cancellationToken).ConfigureAwait(false);
            if (news.Count == known)
            {
                return; // The session is over: whether well, others say.
            }

            known = news.Count;
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

        session.Run.Do(_ => session.Stream.PassOver(delivered - _first));
        await state.DeliverAsync(delivered).ConfigureAwait(false);
    }

    private sealed record Told(ulong Count);
}
