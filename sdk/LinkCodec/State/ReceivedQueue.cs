using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using NSec.Cryptography;

namespace LinkCodec.State;

/// <summary>One session's share of a sender's durable queue, at the receiver.</summary>
internal sealed class ReceivedQueue
{
    private const string KeepsNone = "the receiver keeps no state folder, the sender does";
    private const string SenderKeepsNone = "the receiver keeps a state folder, the sender does not";

    // A message is stored in steps of so many bytes, which the link takes a quarter of a second for.
    private const int LeastStep = 256;
    private const int MostStep = 16 << 10;

    // What is told is repeated until it comes; a sender that tells nothing for so long has no queue.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LinkListener _listener;
    private readonly ReceiverEndpoint _endpoint;
    private readonly QueueMark _mark;
    private readonly int _step; // Bytes after which more of a message is stored.
    private ulong _settled;
    private (ulong Number, int Bytes) _saved; // Of the first message that is not whole, what is stored.
    private bool _isMarked; // It holds samples, whose parts are not kept.

    private ReceivedQueue(LinkListener listener, ReceiverEndpoint endpoint, QueueMark mark, ulong first)
    {
        (_listener, _endpoint, _mark) = (listener, endpoint, mark);
        (First, Known, _settled) = (first, mark.Delivered - first, mark.Delivered);
        double second = listener.Options.Rate.IsUnlimited ? MostStep : listener.Options.Rate.BitsPerSecond / 8.0;
        _step = (int)Math.Clamp(second / 4, LeastStep, MostStep);
    }

    /// <summary>The number in the queue of the session's first message.</summary>
    public ulong First { get; }

    /// <summary>Messages at the beginning of the session that were delivered before.</summary>
    public ulong Known { get; }

    /// <summary>
    /// Waits for the sender's word about its queue, and answers it; null without a state folder, and where the session
    /// ended before.
    /// </summary>
    /// <exception cref="LinkException">The sender has none, or one that does not fit; it is told so.</exception>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public static async Task<ReceivedQueue?> OpenAsync(LinkListener listener, ReceiverEndpoint endpoint,
        CancellationToken cancellationToken)
    {
        if (listener.State is null)
        {
            return null;
        }

        bool IsKnown() => endpoint.Control is not null || endpoint.Messages.IsComplete;
        await listener.Run.WhenAsync(_ => IsKnown() || endpoint.Messages.Waiting > 0 ? endpoint : null,
            cancellationToken).ConfigureAwait(false);
        await WaitAsync(listener, IsKnown, cancellationToken).ConfigureAwait(false);
        byte[]? control = listener.Run.With(_ => endpoint.Control);
        if (control is null || QueueAnnouncement.FromControl(control) is not { } announcement)
        {
            bool isEmpty = listener.Run.With(_ => endpoint.Messages is { IsComplete: true, Waiting: 0 });
            return control is null && isEmpty ? null : throw Refuse(listener, endpoint, LinkErrorCode.Canceled,
                SenderKeepsNone);
        }

        QueueMark? mark;
        QueueRefusal? refusal = null;
        try
        {
            mark = await Task.Run(() => Open(listener, endpoint, announcement, out refusal), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (LinkStateException)
        {
            listener.Run.Do(now => endpoint.Abort(now, NotStored, stays: true));
            throw;
        }

        if (mark is null)
        {
            throw Refuse(listener, endpoint, refusal!.Code, refusal.Why);
        }

        ReceivedQueue queue = new(listener, endpoint, mark, announcement.Number);
        byte[] beginning = listener.State.ReadBegun(mark, announcement.Begun);
        queue._saved = (queue.Known, beginning.Length);
        bool keeps = endpoint.Resumption is not null;
        if (announcement.Asks || keeps)
        {
            ulong delivered = mark.Delivered;
            listener.Run.Do(now =>
            {
                endpoint.Messages.PassOver(queue.Known, beginning);
                endpoint.TellBeginning(delivered, (ulong)beginning.Length, keeps, now);
            }); // spec 4.8-3
        }

        return queue;
    }

    /// <summary>Whether enough is there of a message that is not whole for it to be stored. In the driver's
    /// turn.</summary>
    public bool HasMore => More(_endpoint.Messages.Head) >= _step;

    /// <summary>Stores what is there of a message that is not whole.</summary>
    public void SaveBegun()
    {
        (ulong number, int at, ReadOnlyMemory<byte> bytes) = _listener.Run.With(_ =>
        {
            (ulong Number, int Bytes) head = _endpoint.Messages.Head;
            int saved = head.Bytes - More(head);
            _endpoint.Messages.TryReadHead(saved, More(head), out ReadOnlyMemory<byte> more);
            return (head.Number, saved, more);
        });
        bool isBegun = at > 0 || (bytes.Length > 0 && !CarriedForm.IsMarked(bytes.Span)); // spec 4.8-9
        if (isBegun && bytes.Length > 0)
        {
            _listener.State!.AppendBegun(_mark, First + number, at, bytes);
        }

        _saved = (number, at + bytes.Length);
        _isMarked = at == 0 && !isBegun && bytes.Length > 0;
    }

    private int More((ulong Number, int Bytes) head) =>
        head.Number != _saved.Number ? head.Bytes : _isMarked ? 0 : head.Bytes - _saved.Bytes;

    // What a session is resumed by is gone from the disk before anything of it is given out, and the next one is there.
    // spec 2.8-7
    private static QueueMark? Open(LinkListener listener, ReceiverEndpoint endpoint, QueueAnnouncement announcement,
        out QueueRefusal? refusal)
    {
        ReceiverState state = listener.State!;
        if (endpoint is { Resumption: { } secret, PeerKey: { } key })
        {
            state.Resumptions.Keep(key.Export(KeyBlobFormat.RawPublicKey), secret, endpoint.Snapshot);
        }

        return state.Open(endpoint.PeerKey, announcement, out refusal);
    }

    /// <summary>What a sender is told whose receiver cannot store what it has delivered.</summary>
    public static string NotStored => "What was delivered cannot be stored.";

    /// <summary>Refuses a session whose sender has a durable queue, where this end keeps nothing.</summary>
    /// <exception cref="LinkException">The sender has one; it is told so.</exception>
    public static void RequireNone(LinkListener listener, ReceiverEndpoint endpoint)
    {
        if (listener.State is null && endpoint.Control is { } control
            && QueueAnnouncement.FromControl(control) is not null)
        {
            throw Refuse(listener, endpoint, LinkErrorCode.Canceled, KeepsNone); // spec 4.8-8
        }
    }

    /// <summary>Notes messages as delivered, and tells the sender.</summary>
    /// <param name="count">Messages of the session, from its first on.</param>
    /// <param name="settle">Makes durable what came of them.</param>
    /// <param name="isUrgent">Whether the sender waits to hear of it.</param>
    /// <param name="cancellationToken">Abandons that.</param>
    public async ValueTask SettleAsync(ulong count, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>>? settle,
        bool isUrgent, CancellationToken cancellationToken)
    {
        ulong delivered = First + count;
        if (delivered <= _settled)
        {
            return;
        }

        ReadOnlyMemory<byte>? checkpoint = settle is null
            ? null
            : await settle(cancellationToken).ConfigureAwait(false);
        bool isOurs; // spec 4.8-7: what came of the messages is durable by now.
        try
        {
            isOurs = await Task.Run(() => _listener.State!.TryDeliver(_mark, delivered, checkpoint),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (LinkStateException)
        {
            _listener.Run.Do(now => _endpoint.Abort(now, NotStored, stays: true));
            throw;
        }

        if (!isOurs)
        {
            throw new LinkReplacedException(delivered - _settled);
        }

        _settled = delivered;
        _listener.Run.Do(now => _endpoint.TellDelivered(delivered, isUrgent, now));
    }

    private static async Task WaitAsync(LinkListener listener, Func<bool> isKnown, CancellationToken cancellationToken)
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TimeSpan patience = (8 * listener.Options.OneWayDelay) + Patience;
        Task late = Task.Delay(patience, listener.Options.TimeProvider, wait.Token);
        Task known = listener.Run.WhenAsync(_ => isKnown() ? listener : null, wait.Token).AsTask();
        await Task.WhenAny(known, late).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static LinkException Refuse(LinkListener listener, ReceiverEndpoint endpoint, LinkErrorCode code,
        string why)
    {
        listener.Run.Do(now => endpoint.Abort(now, why, stays: true, code));
        return new LinkException(code, $"The session was refused: {why}.");
    }
}
