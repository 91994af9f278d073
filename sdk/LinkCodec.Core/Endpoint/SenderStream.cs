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
internal sealed partial class SenderStream : IDisposable
{
    // Units that wait for the link: enough to keep it busy while the next batch is coded, and no more, since what is
    // coded late starts from contexts that are acknowledged by then.
    private const double SecondsAhead = 0.6;
    private const int LeastAhead = 1;
    private const int MostBytesAhead = 4 << 20;
    private const int AheadWithoutRate = 256;
    private const long MaxQueuedBytes = 16 << 20;

    // What a file becomes must not depend on how fast it is coded.
    private const int FileBatch = 1 << 20;

    // Messages are coded side by side, on several cores, where each share fills some units: the last one of a share may
    // stay short.
    private const int LeastUnits = 4;
    private const int LeastFileShare = 64 << 10;
    private const int MostShares = 4;
    private const int MostFileShares = 16;

    private readonly EndpointOptions _options;
    private readonly LiveSession _session;
    private readonly Predictor _predictor;
    private readonly ContextPool _pool;
    private readonly SenderContexts? _contexts;
    private readonly OutgoingQueue _inbox = new();
    private readonly UnitStream _units;
    private readonly ControlQueue _controls;
    // Of the units on their way, where they end and what goes with them.
    private readonly Dictionary<long, (ulong End, UnitCoverage? Coverage)> _sent = [];
    private readonly bool _isChained;
    private readonly TimeSpan _askAfter;
    private readonly int _ahead;
    private readonly int _waiting; // Units in the session: what is coded later starts from newer contexts.
    private readonly EffortChooser _effort;
    private readonly BlockCompressorFactory? _compressors;
    private readonly MediaQueue _media;
    private Timestamp _now;
    private Timestamp _closeAt = Timestamp.Never; // When a unit that is not full leaves.
    private EncodingWork? _work;
    private int _leastBatch; // Bytes: where a batch filled no block, the next one is larger.
    private long _nextUnit;
    private ulong _reportedEnd;
    private ulong _codedEnd; // Behind the number of the message that was coded last.
    private bool _isComplete;
    private bool _isEndSignalled;
    private ulong? _askedAt = ulong.MaxValue; // What was delivered when the receiver was asked.
    private Timestamp _askAt = Timestamp.Never;

    public SenderStream(
        EndpointOptions options, LiveSession session, Predictor predictor, BlockCompressorFactory? compressors = null)
    {
        (_options, _session, _predictor, _compressors) = (options, session, predictor, compressors);
        _pool = new ContextPool(predictor);
        _controls = new ControlQueue(session);
        bool hasContexts = predictor.KeepsContext && options.Hint != ContentHint.Compressed;
        _isChained = hasContexts && options.Context == ContextMode.Chained;
        _units = new UnitStream(predictor, _pool, session.MaxUnitSize, _isChained);
        bool isAcknowledged = options.Context == ContextMode.Acknowledged
            && options.HasReturnPath && options.Session.Delivery == UnitDelivery.Reliable; // spec 5.5-7
        _contexts = hasContexts && isAcknowledged ? new SenderContexts(_pool) : null;
        DataRate rate = options.Session.Rate;
        double units = rate.IsUnlimited
            ? AheadWithoutRate
            : rate.BitsPerSecond / 8.0 * SecondsAhead / session.MaxUnitSize;
        _waiting = units > 2 ? 2 : 1;
        _ahead = (int)Math.Clamp(units, LeastAhead, MostBytesAhead / session.MaxUnitSize);
        Effort effort = options is { Effort: Effort.Auto, IsFile: true } ? Effort.Full : options.Effort;
        _effort = new EffortChooser(effort, Efforts(), rate, session.MaxUnitSize);
        _media = new MediaQueue(effort, rate, options.Cores, session.MaxUnitSize);
        _askAfter = (4 * options.Session.OneWayDelay) + TimeSpan.FromSeconds(12);
    }

    /// <summary>Whether messages may start from earlier ones.</summary>
    public bool UsesContext => _contexts is not null || _isChained;

    /// <summary>Whether another message may be added.</summary>
    public bool HasRoom => _inbox.Count < _options.QueueLength && _inbox.Bytes < MaxQueuedBytes;

    /// <summary>Number of the next message.</summary>
    public ulong NextNumber { get; private set; }

    /// <summary>
    /// Whether a control map is on its way: the other end has not reported it, or it has not left where nobody answers.
    /// </summary>
    public bool HasControls => !_controls.IsIdle;

    /// <summary>Messages of the durable queue that are delivered, by the receiver's last word; null for none.</summary>
    public ulong? Delivered { get; private set; }

    /// <summary>Messages before this number have left, as far as any.</summary>
    public ulong SentEnd { get; private set; }

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
    public Timestamp NextDeadline => _session.IsClosed ? Timestamp.Never
        : Timestamp.Min(_askAt, TakesUnits ? _closeAt : Timestamp.Never);

    private bool IsCoded => _isComplete && _work is null && !HasQueued;

    // Whether the link is about to want a unit: until then, none is closed for it.
    private bool TakesUnits => _session.CanEnqueue && _session.UnitsWaiting < _waiting;

    private bool HasQueued => !_inbox.IsEmpty || _media.IsAtWork;

    private bool AwaitsMore => _options is { IsFile: true, FillSegments: true } && !_isComplete && HasRoom
        && !_media.IsAtWork && _inbox.Bytes < FileBatch;

    /// <summary>Sends a control map before whatever is added later.</summary>
    public void AddControl(byte[] map) => _controls.Add(map);

    /// <summary>No message follows.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>
    /// Takes what the session has to tell, and gives it what there is to send. To be called before every datagram: the
    /// one that has just left made room for the next.
    /// </summary>
    public void Pump(Timestamp now)
    {
        _now = now;
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

        _controls.Pump();
        bool isEmpty = _units.IsEmpty && !_media.HasOpen;
        _closeAt = _work is not null || HasQueued || isEmpty || _options.FillSegments || IsCoded
            ? Timestamp.Never
            : _closeAt == Timestamp.Never ? now + _options.MaxDelay
            : _closeAt;

        // Units are closed when the link is about to want them, so that as many messages as possible share one.
        while (TakesUnits && TryTakeUnit(out PackedUnit? unit))
        {
            Send(unit);
        }

        if (_work is null && !HasQueued && _units.IsEmpty && !_media.HasOpen)
        {
            Drain(now);
        }
        else
        {
            _askAt = Timestamp.Never;
        }
    }

    /// <summary>Hands out the next messages to be coded.</summary>
    public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
    {
        work = null;
        if (_work is not null || _session.IsClosed || Failure is not null || !HasQueued
            || (_units.FullCount >= _ahead && !IsEarlierNext) || AwaitsMore)
        {
            return false;
        }

        if (_inbox.IsMediaNext && _media.TryBegin(_inbox.Next))
        {
            _inbox.Drop();
        }

        if (_media.TryTake(_options.IsFile, out MediaBatch? media))
        {
            CloseOpen();
            work = _work = new EncodingWork(this, _predictor, _compressors, [], null)
            { Media = media, Effort = media.IsFast ? Effort.Fast : Effort.Full, StartedAt = _now };
            return true;
        }

        _media.Close(_units.Add);
        (Effort effort, int most) = _options.Hint == ContentHint.Compressed
            ? (Effort.Stored, FileBatch)
            : _effort.Choose(_now, WaitingBytes, _inbox.Bytes, _ahead - _units.FullCount);
        int wanted = Math.Max(_options.IsFile ? FileBatch : most, _leastBatch);
        List<OutgoingMessage> batch = _inbox.TakeBatch(wanted, out long bytes);
        bool isEarlier = batch[0].Number < _codedEnd;
        if (isEarlier)
        {
            CloseOpen(); // A unit's messages ascend. spec 4.3-4
        }

        _codedEnd = batch[^1].Number + 1;
        bool isPredicted = effort is Effort.Flight or Effort.Full;
        int start = _contexts?.Current ?? 0;
        int keep = isPredicted ? _contexts?.FindFree(_units.Uses) ?? 0 : 0;
        EncodingBatch? coding = null;
        if (isPredicted)
        {
            double least = _options.IsFile ? LeastFileShare : LeastUnits * _session.MaxUnitSize
                * _effort.GainOf(effort);
            int shares = (int)Math.Clamp(bytes / least, 1, _options.IsFile ? MostFileShares : MostShares);
            coding = _units.Begin(
                batch, shares, _options.Hint, effort == Effort.Flight, _contexts?.State, start, keep);
            _contexts?.Reserve(keep);
        }
        else
        {
            CloseOpen();
        }

        work = _work = new EncodingWork(this, _predictor, _compressors, batch, coding)
        {
            Effort = effort,
            IsEarlier = isEarlier,
            StartedAt = _now,
            MaxUnitSize = _session.MaxUnitSize,
            // What follows in the queue but not in its order cannot fill the batch's last unit.
            EndsShort = !HasQueued || _inbox.IsMediaNext || _inbox.NextNumber < _codedEnd,
        };
        return true;
    }

    // Bytes of units that wait for the link.
    private long WaitingBytes => _units.FullBytes + (_session.UnitsWaiting * _session.MaxUnitSize);

    private void CloseOpen()
    {
        _units.CloseOpen();
        _contexts?.Check(_units.HasKeeping);
    }

    /// <summary>Takes coded messages back.</summary>
    public void Return(EncodingWork work, Timestamp now)
    {
        _work = null;
        _now = now;
        if (work.Failure is not null)
        {
            Failure = work.Failure;
            return;
        }

        if (work.Media is not null)
        {
            _media.Return(work.Media, mayWait: !_isComplete || HasQueued, _units.Add);
            Counters.AddCoded(work.Effort, work.MessageBytes);
            return;
        }

        int before = _units.FullCount;
        IReadOnlyList<PackedUnit> full = work switch
        {
            { Batch: not null } => [.. work.Batch.Closed],
            { Effort: Effort.Fast or Effort.Primed } => work.Blocks,
            _ => StoredContent.Pack(work.Messages, _session.MaxUnitSize),
        };
        if (work.Batch is not null)
        {
            _units.End(work.Batch);
            _contexts?.Check(_units.HasKeeping);
        }
        else
        {
            full.ToList().ForEach(_units.Add);
        }

        if (work.IsEarlier)
        {
            CloseOpen();
            _units.MoveToFront(_units.FullCount - before);
        }

        long left = _inbox.PutBack(work.LeftOver);
        _codedEnd = left > 0 ? Math.Min(_codedEnd, _inbox.NextNumber) : _codedEnd;
        _leastBatch = full.Count == 0 && left > 0 ? (int)Math.Min(MaxQueuedBytes, 2 * left) : 0;

        Counters.AddCoded(work.Effort, work.MessageBytes);
        _effort.OnCoded(work.Effort, work.MessageBytes, full.Sum(unit => (long)unit.PayloadBytes),
            full.Sum(unit => unit.MessageBytes), work.Seconds ?? (now - work.StartedAt).TotalSeconds);
    }

    public void Dispose()
    {
        _contexts?.Dispose();
        _units.Dispose();
        _pool.Dispose();
    }

    // A unit that is not full leaves only when nothing comes to fill it.
    private bool TryTakeUnit([NotNullWhen(true)] out PackedUnit? unit)
    {
        bool mayClose = IsCoded || _closeAt <= _now;
        if (mayClose && _units.IsEmpty)
        {
            _media.Close(_units.Add);
        }

        bool any = _units.TryTake(mayClose, out unit);
        if (any && _work is null && _contexts is { IsFilling: true })
        {
            _contexts.Check(unit!.Keep != 0 || _units.HasKeeping);
        }

        return any;
    }

    private void Send(PackedUnit unit)
    {
        // spec 4.3-7: what the receiver has seen of the units before this one ends anywhere between these two.
        bool isShort = _session.HasReturnPath && unit.First < _reportedEnd + MessageNumbers.Reach
            && SentEnd <= unit.First + MessageNumbers.Reach;
        long id = _nextUnit++;
        _contexts?.OnSent(id, unit.Base, unit.Keep, unit.State);
        _sent[id] = (unit.End, Progress?.Cover(unit));
        SentEnd = Math.Max(SentEnd, unit.End);
        _session.Enqueue(unit.ToBytes(isShort, _session.MaxUnitSize), id, unit.First);
        Counters.AddUnit(unit.PayloadBytes);
    }

    private IEnumerable<Effort> Efforts() => new (Effort Effort, bool IsThere)[]
    {
        (Effort.Stored, true),
        (Effort.Fast, _compressors is not null),
        (Effort.Primed, true),
        (Effort.Flight, _predictor.CanAvoidNetworks),
        (Effort.Full, _predictor.HasNetworks),
    }.Where(one => one.IsThere).Select(one => one.Effort);

    private void TakeEvents()
    {
        while (_session.TryTakeEvent(out SessionEvent e))
        {
            if (e.Kind == SessionEventKind.UnitAcknowledged)
            {
                _contexts?.OnReported(e.UnitId); // spec 5.5-7
                _sent.Remove(e.UnitId, out (ulong End, UnitCoverage? Coverage) sent);
                _reportedEnd = Math.Max(_reportedEnd, sent.End);
                if (sent.Coverage is { } coverage)
                {
                    Progress!.OnReported(coverage);
                }
            }
            else if (e is { Kind: SessionEventKind.ControlReceived, Control: { } map })
            {
                if (DecodingSpeed.Read(map) is { } speed)
                {
                    _effort.OnTold(speed);
                }

                Delivered = DeliveryReport.Read(map) ?? Delivered;
                Told ??= Delivered is { } told ? (told, DeliveryReport.ReadHeld(map)) : null;
                IsKept |= DeliveryReport.ReadKeeps(map);
            }
            else if (e.Kind == SessionEventKind.Closed)
            {
                Closing = e;
                _inbox.Clear();
            }
        }
    }
}
