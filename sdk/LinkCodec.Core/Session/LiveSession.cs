using System.Security.Cryptography;
using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Session;

/// <summary>An established session: moves units between two ends over a lossy path, and owns no socket, clock, task or
/// random source.</summary>
/// <remarks>
/// <para>Drive it so: <see cref="OnDatagram"/> with what comes, <see cref="OnTimeout"/> when <see cref="NextDeadline"/>
/// is reached; after either, and after every other call, <see cref="TryTransmit"/> until it is false,
/// <see cref="TryTakeEvent"/> until it is false, and look at <see cref="NextDeadline"/> anew. Instants must not go
/// backwards. A session knows no addresses: send to wherever the last authentic datagram came from.</para>
/// <para>Not thread-safe. Memory is bounded by the options, whatever the peer sends. Spec:
/// protocol-spec/04-frames.md.</para>
/// </remarks>
internal sealed partial class LiveSession : IDisposable
{
    private readonly SessionOptions _options;
    private readonly ISegmentProtector _protector;
    private readonly UnitWindow _window;
    private readonly SentLog _sent;
    private readonly RoundTripEstimator _roundTrip;
    private readonly ReceivedCounters _receivedCounters = new();
    private readonly ReceivedUnits _receivedUnits = new();
    private readonly MessageNumbers _numbers = new();
    private readonly ReportScheduler _reports;
    private readonly RepeatedFrame _end;
    private readonly RepeatedFrame _control;
    private readonly Queue<SessionEvent> _events = new();
    private readonly byte[] _plaintext;
    private readonly byte[] _opened;
    private readonly int _maxEventsWhileEnqueueing;
    private Pacer _pacer;
    private SessionStatistics _statistics;
    private SentBytes _bytes;
    private Timestamp _lastHeard;
    private long _queuedBytes;
    private ulong? _endTotal;
    private byte[] _controlMap = [];
    private int _controlNumber;
    private bool _isDisposed;

    /// <summary>Starts a session.</summary>
    /// <param name="options">The options of the session, the same at both ends but for the rate.</param>
    /// <param name="keys">The keys that the handshake left; the session takes them.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LiveSession(SessionOptions options, EstablishedKeys keys, Timestamp now)
        : this(options, new KeyedProtector(keys ?? throw new ArgumentNullException(nameof(keys)),
            options.OneWayDelay), now)
    {
    }

    /// <summary>Starts a session over anything that seals and opens.</summary>
    /// <param name="options">The options of the session.</param>
    /// <param name="protector">Seals and opens; the session owns it and disposes it.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal LiveSession(SessionOptions options, ISegmentProtector protector, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _protector = protector;
        int overhead = protector.Overhead;
        MaxUnitSize = options.Billing.BestSize(options.MaxDatagramSize, overhead) - overhead
            - (options.SendsRepairs ? RepairLimits.Overhead : 0);
        _repairs = options.SendsRepairs ? new RepairPolicy(options) : null;
        int units = options.EffectiveWindowUnits;
        _maxEventsWhileEnqueueing = 2 * units;
        _window = new UnitWindow(units, options.WindowBytes == 0 ? long.MaxValue : options.WindowBytes);
        _sent = new SentLog(Math.Max(256, 2 * units));
        _roundTrip = new RoundTripEstimator(options);
        _reports = new ReportScheduler(options);
        _end = new RepeatedFrame(options, oneWaySends: 3); // spec 4.7-1
        _control = new RepeatedFrame(options, oneWaySends: 1);
        _pacer = new Pacer(options.Rate, options.MaxDatagramSize);
        _plaintext = new byte[options.MaxDatagramSize];
        _opened = new byte[options.MaxDatagramSize];
        _lastHeard = now;
    }

    /// <summary>Bytes of the largest unit.</summary>
    public int MaxUnitSize { get; }

    /// <summary>Bytes of the longest datagram that <see cref="TryTransmit"/> writes.</summary>
    public int MaxDatagramSize => _options.MaxDatagramSize;

    /// <summary>Units that wait to be sent for the first time: enqueue the next when few do, so that as much as
    /// possible shares it.</summary>
    public long UnitsWaiting => _window.NewCount;

    /// <summary>Whether <see cref="Enqueue"/> takes another unit: the window has room, the events are being taken, and
    /// neither end nor close was said.</summary>
    public bool CanEnqueue =>
        !IsClosed && _endTotal is null && _window.HasRoom && _events.Count < _maxEventsWhileEnqueueing;

    /// <summary>Whether every unit, and the END if it was signalled, is done with: reported, or sent where nothing is
    /// reported. False after a close that cut them off.</summary>
    public bool IsDrained => !_wasCutOff && _window.IsEmpty && _control.IsIdle && _end.IsIdle;

    /// <summary>Whether the other end can answer: else what is dropped here is lost.</summary>
    public bool HasReturnPath => _options.HasReturnPath;

    /// <summary>Whether the session is over, by either end.</summary>
    public bool IsClosed => _isDisposed || _close is not null;

    /// <summary>The session's counts so far; a copy.</summary>
    public SessionStatistics Statistics => _statistics with { RoundTrip = _roundTrip.Smoothed, Sent = _bytes };

    /// <summary>The bytes that the options bound: those of the units in the window, and those that waiting events
    /// count.</summary>
    internal long BytesHeld => _window.Bytes + _queuedBytes;

    /// <summary>Takes a unit to send; copies it.</summary>
    /// <param name="unit">The unit: one or more whole data frames, at most <see cref="MaxUnitSize"/> bytes.</param>
    /// <param name="unitId">Comes back with <see cref="SessionEventKind.UnitAcknowledged"/>.</param>
    /// <param name="first">The number of its first message, which the unit need not say in full.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanEnqueue"/> is false.</exception>
    /// <exception cref="ArgumentException">The unit is no unit, or too long.</exception>
    public void Enqueue(ReadOnlySpan<byte> unit, long unitId, ulong first)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!CanEnqueue)
        {
            throw new InvalidOperationException("The session takes no unit now.");
        }

        byte[] copy = unit.Length <= MaxUnitSize ? unit.ToArray() : [];
        List<DataFrame> frames = [];
        if (!DataFrame.TryParse(copy, frames) || frames.Count == 0)
        {
            throw new ArgumentException("A unit is whole data frames, at most MaxUnitSize bytes.", nameof(unit));
        }

        _window.Add(copy, unitId, first, frames.Sum(frame => frame.Payload.Length));
    }

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryTakeEvent(out SessionEvent e)
    {
        if (!_events.TryDequeue(out e))
        {
            return false;
        }

        _queuedBytes -= e.Cost;
        return true;
    }

    /// <summary>Says that <paramref name="totalMessages"/> messages are all that this end sends; repeated until the
    /// peer reports it.</summary>
    /// <exception cref="InvalidOperationException">The end was signalled before, or the session is closed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More than 2^62 - 1.</exception>
    public void SignalEnd(ulong totalMessages)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(totalMessages, VarInt.Max);
        if (IsClosed || _endTotal is not null)
        {
            throw new InvalidOperationException("The end is signalled once, on an open session.");
        }

        _endTotal = totalMessages;
        _end.Start();
    }

    /// <summary>Whether <see cref="SendControl"/> takes a map: one is under way at a time.</summary>
    public bool CanSendControl => !IsClosed && _control.IsIdle;

    /// <summary>Sends a control map, repeated until the peer reports it; it may arrive more than once.</summary>
    /// <param name="map">A MessagePack map, at most 512 bytes and three less than <see cref="MaxUnitSize"/>.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanSendControl"/> is false.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The map is too long.</exception>
    public void SendControl(ReadOnlySpan<byte> map)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int most = Math.Min(FrameLimits.MaxControl, MaxUnitSize - 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(map.Length, most, nameof(map));
        if (!CanSendControl)
        {
            throw new InvalidOperationException("A control map is under way, or the session is closed.");
        }

        _controlMap = map.ToArray();
        _controlNumber++;
        _control.Start();
    }

    /// <summary>Whether the peer has asked for a report at once since this was last asked for.</summary>
    public bool TakeAsked()
    {
        bool wasAsked = _wasAsked;
        _wasAsked = false;
        return wasAsked;
    }

    /// <summary>Sends a PING as soon as it can, alone or with a unit: it shows the peer that this end has the keys, and
    /// measures the round trip.</summary>
    public void Ping() => _pingPending = _options.HasReturnPath && !IsClosed;

    /// <summary>Tells the session that every message before <paramref name="message"/> came whole, so that it may
    /// forget how. Optional: it saves memory.</summary>
    public void ForgetUnitsBefore(ulong message) => _receivedUnits.ForgetBefore(message);

    /// <summary>Gives up what it holds, the events that nobody took too, and disposes the keys. Says nothing to the
    /// peer: <see cref="Close"/> does.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _close = null;
        _events.Clear();
        _queuedBytes = 0;
        _window.Clear();
        _protector.Dispose();
        CryptographicOperations.ZeroMemory(_plaintext);
        CryptographicOperations.ZeroMemory(_opened);
    }

    private void Raise(in SessionEvent e)
    {
        _queuedBytes += e.Cost;
        _events.Enqueue(e);
    }
}
