using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Turns messages into units: messages that wait are coded in batches, elsewhere, and packed when the session is about
/// to want them.
/// </summary>
internal sealed class SenderStream : IDisposable
{
    // Coded messages that wait for the link: enough to keep it busy while the next batch is coded.
    private const int MaxCodedBytes = 256 << 10;
    private const int MaxBatchBytes = 4 << 20;
    private const long MaxQueuedBytes = 16 << 20;

    // With a context, what is coded early starts from less: so no further ahead than the link needs, and in batches
    // that are sent before long.
    private const int MaxCodedUnits = 4;
    private const int MaxContextBatchBytes = 16 << 10;
    private const int MaxFirstBatchBytes = 4 << 10;
    // The first bytes are sent in the smaller batches: at first a little context is worth most.
    private const long FirstBytes = 64 << 10;

    private readonly EndpointOptions _options;
    private readonly LiveSession _session;
    private readonly Predictor _predictor;
    private readonly UnitPacker _packer;
    private readonly SenderContext? _context;
    private readonly AcknowledgedMessages _acknowledged = new();
    private readonly Queue<OutgoingMessage> _inbox = new();
    private readonly Queue<byte[]> _controls = new();
    private readonly bool _isChained;
    private readonly TimeSpan _askAfter;
    private long _inboxBytes;
    private long _nextUnit;
    private long _codedBytes; // Bytes of messages.
    private bool _isCoding;
    private bool _isComplete;
    private bool _isEndSignalled;
    private bool _hasControlUnderWay;
    private Timestamp _askAt = Timestamp.Never;

    public SenderStream(EndpointOptions options, LiveSession session, Predictor predictor)
    {
        (_options, _session, _predictor) = (options, session, predictor);
        _packer = new UnitPacker(session.MaxUnitSize, predictor.FrequencyBits);
        _isChained = options.Context == ContextMode.Chained;
        bool isAcknowledged = options.Context == ContextMode.Acknowledged
            && options.HasReturnPath && options.Session.Delivery == UnitDelivery.Reliable; // spec 5.5-7
        bool usesContext = options.Hint != ContentHint.Compressed && (_isChained || isAcknowledged);
        _context = usesContext ? SenderContext.For(predictor, everyMessage: _isChained) : null;
        _askAfter = (4 * options.Session.OneWayDelay) + TimeSpan.FromSeconds(12);
    }

    /// <summary>Whether messages may start from earlier ones.</summary>
    public bool UsesContext => _context is not null;

    /// <summary>Whether another message may be added.</summary>
    public bool HasRoom => _inbox.Count < _options.QueueLength && _inboxBytes < MaxQueuedBytes;

    /// <summary>Number of the next message.</summary>
    public ulong NextNumber { get; private set; }

    /// <summary>
    /// Whether a control map is on its way: the other end has not reported it, or it has not left where nobody answers.
    /// </summary>
    public bool HasControls => _controls.Count > 0 || _hasControlUnderWay;

    /// <summary>The event that ended the session, once it has ended.</summary>
    public SessionEvent? Closing { get; private set; }

    /// <summary>
    /// Whether everything is through: the receiver has used all of it, or this end has sent it where nobody answers.
    /// </summary>
    public bool IsThrough => Closing is { Error: LinkErrorCode.Closed } && _isEndSignalled;

    /// <summary>The exception that coding failed with; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The counters of the messages so far.</summary>
    public MessageCounters Counters { get; } = new();

    /// <summary>The instant at which <see cref="Pump"/> has something to do without any event.</summary>
    public Timestamp NextDeadline => _session.IsClosed ? Timestamp.Never : _askAt;

    private bool IsCoded => _isComplete && !_isCoding && _inbox.Count == 0;

    /// <summary>Queues a message; <see cref="HasRoom"/> was true.</summary>
    public void Add(ReadOnlyMemory<byte> message)
    {
        _inbox.Enqueue(new OutgoingMessage(NextNumber++, message));
        _inboxBytes += message.Length;
        Counters.AddMessage(message.Length);
    }

    /// <summary>Sends a control map before whatever is added later.</summary>
    public void AddControl(byte[] map) => _controls.Enqueue(map);

    /// <summary>No message follows.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>
    /// Takes what the session has to tell, and gives it what there is to send. To be called before every datagram: the
    /// one that has just left made room for the next.
    /// </summary>
    public void Pump(Timestamp now)
    {
        TakeEvents();
        if (_session.IsClosed)
        {
            return;
        }

        if (Failure is not null)
        {
            _session.Close(LinkErrorCode.Canceled, now, "The sender gave up.");
            TakeEvents();
            return;
        }

        PumpControls();

        // Units are built when the link is about to want them, so that as many messages as possible share one.
        while (_session.CanEnqueue && _session.UnitsWaiting < 2 && _packer.HasPending && MayPack())
        {
            PackedUnit unit = _packer.Build();
            _acknowledged.OnSent(_nextUnit, unit.EndMessage);
            _session.Enqueue(unit.Data.Span, _nextUnit++);
            Counters.AddUnit(unit.CodedBytes);
        }

        if (IsCoded && !_packer.HasPending)
        {
            End(now);
            TakeEvents();
        }
    }

    /// <summary>Hands out the next messages to be coded.</summary>
    public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
    {
        work = null;
        long ahead = _context is null ? MaxCodedBytes : MaxCodedUnits * _session.MaxUnitSize;
        if (_isCoding || _session.IsClosed || Failure is not null || _inbox.Count == 0 || _packer.PendingBytes > ahead)
        {
            return false;
        }

        // The context does not change while a batch is coded: what the next one starts from must not depend on how long
        // that takes.
        _context?.OnAcknowledged(_acknowledged.End);
        if (_context is { HasRoom: false })
        {
            return false;
        }

        List<OutgoingMessage> batch = [];
        int most = _isChained ? 0
            : _context is null ? MaxBatchBytes
            : _codedBytes < FirstBytes ? MaxFirstBatchBytes : MaxContextBatchBytes;
        int bytes = 0;
        while ((batch.Count == 0 || bytes < most) && _inbox.TryDequeue(out OutgoingMessage message))
        {
            batch.Add(message);
            bytes += message.Content.Length + ContextLimits.MessageCost;
            _inboxBytes -= message.Content.Length;
        }

        _codedBytes += bytes;
        _isCoding = true;
        work = new EncodingWork(this, _predictor, _session.MaxUnitSize, _context, batch, _options.Hint);
        return true;
    }

    /// <summary>Takes coded messages back.</summary>
    public void Return(EncodingWork work)
    {
        _isCoding = false;
        if (work.Failure is not null)
        {
            Failure = work.Failure;
            return;
        }

        foreach (OutgoingMessage message in _context is null ? [] : work.Messages)
        {
            _context!.Add(message);
        }

        if (_isChained)
        {
            _context?.OnAcknowledged(_context.Next); // spec 8.4-1
        }

        foreach (EncodedMessage message in work.Coded)
        {
            _packer.Add(message);
        }
    }

    public void Dispose() => _context?.Dispose();

    // A unit that is not full leaves only when nothing comes to fill it: that is known before it is coded.
    private bool MayPack() => IsCoded || _packer.PendingBytes > _session.MaxUnitSize
        || (!_isCoding && _inbox.Count == 0 && !_options.FillSegments);

    private void PumpControls()
    {
        if (!_session.CanSendControl)
        {
            return;
        }

        _hasControlUnderWay = _controls.TryDequeue(out byte[]? map);
        if (_hasControlUnderWay)
        {
            _session.SendControl(map);
        }
    }

    private void TakeEvents()
    {
        while (_session.TryTakeEvent(out SessionEvent e))
        {
            if (e.Kind == SessionEventKind.UnitAcknowledged)
            {
                _acknowledged.OnAcknowledged(e.UnitId); // spec 5.5-7
            }
            else if (e.Kind == SessionEventKind.Closed)
            {
                Closing = e;
                _inbox.Clear();
            }
        }
    }

    private void End(Timestamp now)
    {
        if (!_isEndSignalled)
        {
            _session.SignalEnd(NextNumber);
            _isEndSignalled = true;
        }
        else if (_session.IsDrained && !_session.HasReturnPath)
        {
            _session.Close(LinkErrorCode.Closed, now);
        }
        else if (_session.IsDrained && (_askAt == Timestamp.Never || _askAt <= now))
        {
            // The receiver says when it has used everything (spec 4.7-5). It may take long; a question now and then
            // finds out whether it is still there.
            if (_askAt <= now)
            {
                _session.Ping();
            }

            _askAt = now + _askAfter;
        }
    }
}
