using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>From messages to units: a queue, a task that codes what is in it in batches, and the packer that the session's driver draws from.</summary>
internal sealed class SendPipeline : ISessionHandler, IDisposable
{
    // Coded messages that wait for the link: enough to keep it busy while the next batch is coded.
    private const int MaxCodedBytes = 256 << 10;
    private const int MaxBatchBytes = 4 << 20;
    private const long MaxQueuedBytes = 16 << 20;

    // With a context, what is coded early starts from less: so no further ahead than the link needs, and in batches that are sent before long.
    private const int MaxCodedUnits = 4;
    private const int MaxContextBatchBytes = 16 << 10;
    private const int MaxFirstBatchBytes = 4 << 10;
    private const long FirstBytes = 64 << 10; // So much is sent in the smaller batches: at first a little context is worth most.

    private readonly MessageCodec _codec;
    private readonly UnitPacker _packer;
    private readonly int _unitSize;
    private readonly SenderContext? _context;
    private readonly AcknowledgedMessages _acknowledged = new();
    private readonly ContentHint _hint;
    private readonly bool _isChained;
    private readonly bool _fillsSegments;
    private readonly MessageQueue<OutgoingMessage> _inbox;
    private readonly ControlQueue _controls = new();
    private readonly TimeSpan _askAfter;
    private readonly WakeSignal _room = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkCounters _counters;
    private Action _wakeDriver = () => { };
    private Task _coding = Task.CompletedTask;
    private ulong _next;
    private long _nextUnit;
    private long _codedBytes; // Of messages.
    private bool _isCoded; // Every message of a completed inbox is with the packer.
    private bool _isIdle = true; // Nothing is being coded: what is packed need not wait for company.
    private bool _ended;
    private Timestamp _askAt = Timestamp.Never;

    public SendPipeline(MessageCodec codec, int unitSize, Predictor predictor, LinkOptions options, bool twoWay, LinkCounters counters)
    {
        _codec = codec;
        _unitSize = unitSize;
        _counters = counters;
        _hint = options.Hint;
        _packer = new UnitPacker(unitSize, predictor.FrequencyBits);
        _isChained = options.Context == ContextMode.Chained;
        _fillsSegments = options.FillSegments;
        bool acknowledged = options.Context == ContextMode.Acknowledged && twoWay && options.Delivery == UnitDelivery.Reliable; // spec 5.5-7
        _context = _isChained || acknowledged ? SenderContext.For(predictor, everyMessage: _isChained) : null;
        _inbox = new MessageQueue<OutgoingMessage>(options.QueueLength, MaxQueuedBytes, message => message.Content.Length);
        _askAfter = (4 * options.OneWayDelay) + TimeSpan.FromSeconds(12);
    }

    /// <summary>Whether messages may start from earlier ones.</summary>
    public bool UsesContext => _context is not null;

    /// <summary>Why coding stopped early, if it did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How the session ended, once it has.</summary>
    public SessionEvent? Closing { get; private set; }

    /// <summary>Whether everything is through: the receiver has used all of it, or this end has sent it where nobody answers.</summary>
    public bool IsComplete => Closing is { Error: LinkErrorCode.Closed } && _ended;

    public bool CanTakeEvents => true;

    public Timestamp NextDeadline => _askAt;

    public void Start(Action wakeDriver)
    {
        _wakeDriver = wakeDriver;
        _coding = Task.Run(CodeAsync);
    }

    /// <summary>Queues a message; waits while the queue is full. Calls must not overlap: their order is the messages' order.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _inbox.AddAsync(new OutgoingMessage(_next, message), cancellationToken).ConfigureAwait(false);
        _next++;
        _counters.AddMessage(message.Length);
    }

    /// <summary>Number of the next message.</summary>
    public ulong NextNumber => _next;

    /// <summary>Sends a control map before whatever is added later.</summary>
    /// <returns>Completes when the other end has it, or it has left where nobody answers.</returns>
    public Task SendControlAsync(byte[] map)
    {
        Task sent = _controls.Add(map);
        _wakeDriver();
        return sent;
    }

    /// <summary>Says that no message follows.</summary>
    public void Complete() => _inbox.Complete();

    public void Pump(LiveSession session, Timestamp now)
    {
        if (Failure is not null)
        {
            session.Close(LinkErrorCode.Canceled, now, "The sender gave up.");
            return;
        }

        _controls.Pump(session);
        lock (_gate)
        {
            // Units are built when the link is about to want them, so that as many messages as possible share one.
            while (session.CanEnqueue && session.UnitsWaiting < 2 && _packer.HasPending && (_isCoded || (_isIdle && !_fillsSegments) || _packer.PendingBytes > _unitSize))
            {
                PackedUnit unit = _packer.Build();
                _acknowledged.OnSent(_nextUnit, unit.EndMessage);
                session.Enqueue(unit.Data.Span, _nextUnit++);
                _counters.AddUnit(unit.CodedBytes);
            }

            if (_isCoded && !_packer.HasPending)
            {
                End(session, now);
            }
        }

        _room.Set();
    }

    public void OnEvent(in SessionEvent e)
    {
        if (e.Kind == SessionEventKind.UnitAcknowledged)
        {
            _context?.OnAcknowledged(_acknowledged.OnAcknowledged(e.UnitId)); // spec 5.5-7
        }

        if (e.Kind == SessionEventKind.Closed)
        {
            Closing = e;
            _inbox.Complete();
            _controls.Cancel();
            _stop.Cancel();
        }
    }

    public bool OnPeerRestart(LiveSession session, Timestamp now)
    {
        session.Abandon(LinkErrorCode.Canceled, now, SessionClosing.ForgottenByReceiver);
        return false; // Only receivers are asked for sessions.
    }

    public void OnLinkEnd()
    {
    }

    /// <summary>Stops coding and waits for it.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _inbox.Complete();
        _controls.Cancel();
        await _coding.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _context?.Dispose();
        _stop.Dispose();
    }

    private void End(LiveSession session, Timestamp now)
    {
        if (!_ended)
        {
            session.SignalEnd(_next);
            _ended = true;
        }
        else if (session.IsDrained && !session.HasReturnPath)
        {
            session.Close(LinkErrorCode.Closed, now);
        }
        else if (session.IsDrained && (_askAt == Timestamp.Never || _askAt <= now))
        {
            // The receiver says when it has used everything (spec 4.7-5). It may take long; a question now and then finds out whether it is still there.
            if (_askAt <= now)
            {
                session.Ping();
            }

            _askAt = now + _askAfter;
        }
    }

    private async Task CodeAsync()
    {
        try
        {
            while (await _inbox.WaitToTakeAsync(_stop.Token).ConfigureAwait(false))
            {
                await CodeBatchAsync().ConfigureAwait(false);
            }

            lock (_gate)
            {
                _isCoded = true;
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over or the sender was disposed: whoever did it knows.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _wakeDriver();
    }

    private async Task CodeBatchAsync()
    {
        List<OutgoingMessage> batch = [];
        int most = _isChained ? 0 : _context is null ? MaxBatchBytes : _codedBytes < FirstBytes ? MaxFirstBatchBytes : MaxContextBatchBytes;
        int bytes = 0;
        while ((batch.Count == 0 || bytes < most) && _inbox.TryTake(out OutgoingMessage message))
        {
            batch.Add(message);
            bytes += message.Content.Length + ContextLimits.MessageCost;
        }

        _codedBytes += bytes;
        _context?.Advance(_stop.Token);
        lock (_gate)
        {
            _isIdle = false;
        }

        EncodingBatch work = new(batch, _context?.Current, _context?.Base ?? 0) { Hint = _hint };
        EncodedMessage[] coded = await _codec.EncodeAsync(work, _stop.Token, _counters.AddCoded).ConfigureAwait(false);
        Remember(batch);
        lock (_gate)
        {
            foreach (EncodedMessage message in coded)
            {
                _packer.Add(message);
            }

            _isIdle = _inbox.Count == 0;
        }

        _wakeDriver();
        long ahead = _context is null ? MaxCodedBytes : MaxCodedUnits * _unitSize;
        while (PendingBytes > ahead || _context is { HasRoom: false })
        {
            await _room.WaitAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private void Remember(List<OutgoingMessage> batch)
    {
        foreach (OutgoingMessage message in _context is null ? [] : batch)
        {
            _context!.Add(message);
        }

        if (_isChained)
        {
            _context?.OnAcknowledged(_context.Next); // spec 8.4-1
        }
    }

    private long PendingBytes
    {
        get
        {
            lock (_gate)
            {
                return _packer.PendingBytes;
            }
        }
    }
}
