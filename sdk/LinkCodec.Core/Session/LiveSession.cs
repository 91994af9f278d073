using System.Buffers;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

/// <summary>An established session: moves units between two ends over a lossy path, and owns no socket, clock, task or random source.</summary>
/// <remarks>
/// <para>Drive it so: <see cref="OnDatagram"/> with what comes, <see cref="OnTimeout"/> when <see cref="NextDeadline"/> is reached; after either, and
/// after every other call, <see cref="TryTransmit"/> until it is false, <see cref="TryTakeEvent"/> until it is false, and look at <see cref="NextDeadline"/> anew.
/// Instants must not go backwards. A session knows no addresses: send to wherever the last authentic datagram came from.</para>
/// <para>Not thread-safe. Memory is bounded by the options, whatever the peer sends. Spec: protocol-spec/04-frames.md.</para>
/// </remarks>
public sealed partial class LiveSession : IDisposable
{
    private readonly SessionOptions _options;
    private readonly ISegmentProtector _protector;
    private readonly ArrayPool<byte> _pool;
    private readonly ILinkEventSink? _sink;
    private readonly UnitWindow _window;
    private readonly SentLog _sent;
    private readonly RoundTripEstimator _roundTrip;
    private readonly ReceiveHistory _history = new();
    private readonly ReportScheduler _reports;
    private readonly UnitHistory _unitHistory = new();
    private readonly Queue<SessionEvent> _events = new();
    private readonly byte[] _plaintext;
    private readonly byte[] _opened;
    private readonly int _maxEventsWhileEnqueueing;
    private Pacer _pacer;
    private SessionStatistics _statistics;
    private UnitPosition? _lastEnqueued;
    private Timestamp _lastHeard;
    private long _queuedBytes;
    private bool _isDisposed;

    /// <summary>A session over keys that a handshake agreed on.</summary>
    /// <param name="options">What the link is like.</param>
    /// <param name="protector">Seals and opens; the session owns it and disposes it.</param>
    /// <param name="now">The present.</param>
    /// <param name="sink">Takes telemetry, or null.</param>
    /// <param name="pool">Where buffers come from; null for the shared pool.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal LiveSession(SessionOptions options, ISegmentProtector protector, Timestamp now, ILinkEventSink? sink = null, ArrayPool<byte>? pool = null)
    {
        options.Validate();
        _options = options;
        _protector = protector;
        _sink = sink;
        _pool = pool ?? ArrayPool<byte>.Shared;
        int units = options.EffectiveWindowUnits;
        _maxEventsWhileEnqueueing = 2 * units;
        _window = new UnitWindow(_pool, units, options.WindowBytes == 0 ? long.MaxValue : options.WindowBytes);
        _sent = new SentLog(Math.Max(256, 2 * units));
        _roundTrip = new RoundTripEstimator(options);
        _reports = new ReportScheduler(options);
        _pacer = new Pacer(options.Rate, options.MaxDatagramSize);
        _plaintext = new byte[options.MaxDatagramSize];
        _opened = new byte[options.MaxDatagramSize];
        _lastHeard = now;
    }

    /// <summary>Bytes of the largest unit.</summary>
    public int MaxUnitSize => _options.MaxDatagramSize - _protector.Overhead;

    /// <summary>Whether <see cref="Enqueue"/> takes another unit: the window has room, the events are being taken, and neither end nor close was said.</summary>
    public bool CanEnqueue => !IsClosed && _endState == EndState.None && _window.HasRoom && _events.Count < _maxEventsWhileEnqueueing;

    /// <summary>Whether every unit, and the END if it was signalled, is done with: reported, or sent where nothing is reported. False after a close that cut them off.</summary>
    public bool IsDrained => !_wasCutOff && _window.IsEmpty && _controlState == ControlState.None && _endState is EndState.None or EndState.Done;

    /// <summary>Whether the other end can answer: else what is dropped here is lost.</summary>
    public bool HasReturnPath => _options.HasReturnPath;

    /// <summary>Whether the session is over, by either end.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What happened so far; a copy.</summary>
    public SessionStatistics Statistics => _statistics with { RoundTrip = _roundTrip.Smoothed };

    /// <summary>Takes a unit to send; copies it.</summary>
    /// <param name="unit">One or more whole data frames, at most <see cref="MaxUnitSize"/> bytes, that begin after the last frame of the unit before.</param>
    /// <param name="unitId">Comes back with <see cref="SessionEventKind.UnitAcknowledged"/>.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanEnqueue"/> is false.</exception>
    /// <exception cref="ArgumentException">The unit is no unit, too long, or out of order.</exception>
    public void Enqueue(ReadOnlySpan<byte> unit, long unitId)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!CanEnqueue)
        {
            throw new InvalidOperationException("The session takes no unit now.");
        }

        if (unit.Length > MaxUnitSize || !UnitHistory.TryGetRange(unit, out UnitPosition start, out _, out UnitPosition lastFrame))
        {
            throw new ArgumentException("A unit is one or more whole data frames, at most MaxUnitSize bytes.", nameof(unit));
        }

        // spec 4.3-4: the receiver tells duplicates by the order.
        if (_lastEnqueued is UnitPosition last && start.CompareTo(last) <= 0)
        {
            throw new ArgumentException("Units come in ascending order of message and offset.", nameof(unit));
        }

        _lastEnqueued = lastFrame;
        _window.Add(unit, unitId);
    }

    /// <summary>Takes the next event; false when there is none. The caller owns its payload.</summary>
    public bool TryTakeEvent(out SessionEvent e)
    {
        if (!_events.TryDequeue(out e))
        {
            return false;
        }

        _queuedBytes -= CostOf(e);
        return true;
    }

    /// <summary>Says that <paramref name="totalMessages"/> messages are all that this end sends; repeated until the peer reports it.</summary>
    /// <exception cref="InvalidOperationException">The end was signalled before, or the session is closed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More than 2^62 - 1.</exception>
    public void SignalEnd(ulong totalMessages)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(totalMessages, VarInt.Max);
        if (IsClosed || _endState != EndState.None)
        {
            throw new InvalidOperationException("The end is signalled once, on an open session.");
        }

        _endTotal = totalMessages;
        _endState = EndState.Pending;
        _endSendsLeft = OneWayEndSends;
    }

    /// <summary>Whether <see cref="SendControl"/> takes a map: one is under way at a time.</summary>
    public bool CanSendControl => !IsClosed && _controlState == ControlState.None;

    /// <summary>Sends a control map, repeated until the peer reports it; it may arrive more than once.</summary>
    /// <param name="map">A MessagePack map, at most 512 bytes and three less than <see cref="MaxUnitSize"/>.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanSendControl"/> is false.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The map is too long.</exception>
    public void SendControl(ReadOnlySpan<byte> map)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(map.Length, Math.Min(FrameLimits.MaxControl, MaxUnitSize - 3), nameof(map));
        if (!CanSendControl)
        {
            throw new InvalidOperationException("A control map is under way, or the session is closed.");
        }

        _control = map.ToArray();
        _controlNumber++;
        _controlState = ControlState.Pending;
    }

    /// <summary>Tells the session that every message before <paramref name="message"/> came whole, so that it may forget how. Optional: it saves memory.</summary>
    public void ForgetUnitsBefore(ulong message) => _unitHistory.ForgetBefore(message);

    /// <summary>Gives back every buffer, the events' that nobody took too, and disposes the keys. Says nothing to the peer: <see cref="Close"/> does.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        IsClosed = true;
        _closesToSend = 0;
        while (_events.TryDequeue(out SessionEvent e))
        {
            e.Payload?.Dispose();
        }

        _window.Dispose();
        _protector.Dispose();
        CryptographicClear();
    }

    private static long CostOf(in SessionEvent e) => e.Payload is null ? 0 : e.Payload.Memory.Length + EventOverhead;

    private void CryptographicClear()
    {
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(_plaintext);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(_opened);
    }

    private void Raise(in SessionEvent e)
    {
        _queuedBytes += CostOf(e);
        _events.Enqueue(e);
    }

    private void Tell(LinkEventKind kind, Timestamp at, ulong value) => _sink?.OnEvent(new LinkEvent(kind, at, value));
}
