using System.Buffers;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Pair;

namespace LinkCodec.Simulator.Runs;

/// <summary>The sending end: a handshake, then a session that is fed units as it wants them, as the SDK's sender does, in virtual time.</summary>
internal sealed class SenderEnd : IEndpoint, IDisposable
{
    /// <summary>Bytes of a sealed segment's header and tag.</summary>
    public const int SegmentOverhead = 20;

    private const int OneWayOpenings = 3;

    private readonly LinkOptions _options;
    private readonly IReadOnlyList<EncodedMessage> _messages;
    private readonly TimeSpan _interval;
    private readonly UnitPacker _packer;
    private readonly ArrayBufferWriter<byte> _handshakeOut = new(256);
    private readonly HandshakeInitiator? _initiator;
    private readonly byte[] _opening = [];
    private int _openingsLeft;
    private LiveSession? _session;
    private int _queued;
    private long _nextUnit;
    private bool _ended;

    /// <param name="options">What this end knows.</param>
    /// <param name="handshake">How it shakes hands.</param>
    /// <param name="messages">Coded, in order.</param>
    /// <param name="interval">Time from one message to the next; zero to have all at once.</param>
    /// <param name="frequencyBits">Of the predictor that coded them.</param>
    public SenderEnd(LinkOptions options, HandshakeOptions handshake, IReadOnlyList<EncodedMessage> messages, TimeSpan interval, int frequencyBits)
    {
        _options = options;
        _messages = messages;
        _interval = interval;
        _packer = new UnitPacker(options.MaxDatagramSize - SegmentOverhead, frequencyBits);
        if (options.HasReturnPath)
        {
            _initiator = new HandshakeInitiator(handshake);
            return;
        }

        OneWaySender opening = OneWaySender.Start(handshake);
        using EstablishedKeys keys = opening.Keys;
        _opening = opening.Datagram.ToArray();
        _openingsLeft = OneWayOpenings; // Everything hangs on it, and its repetitions are ignored.
        _session = new LiveSession(options.ToSession(hasReturnPath: false), keys, Timestamp.Zero);
    }

    /// <summary>How the session ended, or why there was none; null while neither has happened.</summary>
    public string? Ending { get; private set; }

    /// <summary>When that was; <see cref="Timestamp.Never"/> while it was not.</summary>
    public Timestamp EndedAt { get; private set; } = Timestamp.Never;

    public Timestamp NextDeadline
    {
        get
        {
            if (_openingsLeft > 0)
            {
                return Timestamp.Zero;
            }

            if (_session is null)
            {
                return Ending is null ? Timestamp.Min(_initiator!.NextDeadline, GiveUpAt) : Timestamp.Never;
            }

            Timestamp next = _session.IsClosed || _queued == _messages.Count ? Timestamp.Never : DueAt(_queued);
            return Timestamp.Min(next, _session.NextDeadline);
        }
    }

    private Timestamp GiveUpAt => Timestamp.Zero + _options.HandshakeTimeout;

    public void OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        bool isSegment = datagram.Length > 0 && datagram[0] >= 0x80;
        if (isSegment)
        {
            _session?.OnDatagram(datagram, now);
            return;
        }

        _initiator?.OnDatagram(datagram);
        if (_initiator is null || Ending is not null || !_initiator.TryTakeOutcome(out HandshakeOutcome? outcome))
        {
            return;
        }

        if (outcome is EstablishedKeys keys)
        {
            using (keys)
            {
                _session = new LiveSession(_options.ToSession(hasReturnPath: true), keys, now);
            }
        }
        else
        {
            End(((HandshakeFailure)outcome).Message, now);
        }
    }

    public void OnTimeout(Timestamp now)
    {
        if (_session is not null)
        {
            _session.OnTimeout(now);
            return;
        }

        _initiator!.OnTimeout(now);
        if (now >= GiveUpAt)
        {
            End("no answer to the handshake", now);
        }
    }

    public bool TryTransmit(Span<byte> destination, Timestamp now, out int length)
    {
        if (_openingsLeft > 0)
        {
            _openingsLeft--;
            _opening.CopyTo(destination);
            length = _opening.Length;
            return true;
        }

        length = 0;
        _handshakeOut.Clear();
        if (Ending is null && _initiator is not null && _initiator.TryTransmit(_handshakeOut, now))
        {
            _handshakeOut.WrittenSpan.CopyTo(destination);
            length = _handshakeOut.WrittenCount;
            return true;
        }

        if (_session is null)
        {
            return false;
        }

        TakeEvents(now);
        if (!_session.IsClosed)
        {
            Pump(_session, now);
            TakeEvents(now);
        }

        return _session.TryTransmit(destination, now, out length);
    }

    public void Dispose()
    {
        _initiator?.Dispose();
        _session?.Dispose();
    }

    private Timestamp DueAt(int message) => Timestamp.Zero + (_interval * message);

    private void Pump(LiveSession session, Timestamp now)
    {
        while (_queued < _messages.Count && DueAt(_queued) <= now)
        {
            _packer.Add(_messages[_queued++]);
        }

        // Units are built when the link is about to want them, so that as many messages as possible share one.
        while (session.CanEnqueue && session.UnitsWaiting < 2 && _packer.HasPending)
        {
            session.Enqueue(_packer.Build().Data.Span, _nextUnit++);
        }

        if (_queued < _messages.Count || _packer.HasPending)
        {
            return;
        }

        if (!_ended)
        {
            session.SignalEnd((ulong)_messages.Count);
            _ended = true;
        }
        else if (session.IsDrained && !session.HasReturnPath)
        {
            session.Close(LinkErrorCode.Closed, now);
        }
    }

    private void TakeEvents(Timestamp now)
    {
        while (_session!.TryTakeEvent(out SessionEvent e))
        {
            if (e.Kind == SessionEventKind.Closed)
            {
                bool isComplete = e.Error == LinkErrorCode.Closed && _ended; // A receiver says Closed only when it has everything (spec 4.7-5).
                End(isComplete ? "complete" : e.Text is { Length: > 0 } text ? $"{e.Error}: {text}" : e.Error.ToString(), now);
            }
        }
    }

    private void End(string why, Timestamp now)
    {
        if (Ending is null)
        {
            (Ending, EndedAt) = (why, now);
        }
    }
}
