using System.Buffers;
using System.Net;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>The one loop that owns the time of a link: takes it through its handshake, then drives its live session until that is over.</summary>
/// <remarks>
/// Disposes neither transport nor session. <see cref="Wake"/> and <see cref="Statistics"/> are thread-safe; the rest runs one call after the other.
/// </remarks>
public sealed class LinkDriver
{
    private readonly IDatagramTransport _transport;
    private readonly DatagramPump _pump;
    private readonly SystemTimestampSource _clock;
    private readonly ArrayBufferWriter<byte> _handshakeOut = new(256);
    private readonly SessionCandidates _newcomers = new();
    private readonly Lock _gate = new();
    private HandshakeInitiator? _initiator;
    private HandshakeResponder? _responder;
    private SessionStatistics _statistics;

    /// <summary>Makes a driver.</summary>
    /// <param name="transport">Sends, and receives if <paramref name="receives"/>.</param>
    /// <param name="time">Where time and timers come from.</param>
    /// <param name="receives">Whether anything can come: false for the writing end of a one-way link.</param>
    public LinkDriver(IDatagramTransport transport, TimeProvider time, bool receives = true)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _clock = new SystemTimestampSource(time);
        _pump = new DatagramPump(transport, _clock, time, receives);
    }

    /// <summary>The present, for a session that this driver is to run.</summary>
    public Timestamp Now => _clock.Now;

    /// <summary>Bytes of handshake datagrams sent so far.</summary>
    public int HandshakeBytesSent { get; private set; }

    /// <summary>Bytes of handshake datagrams taken so far.</summary>
    public int HandshakeBytesReceived { get; private set; }

    /// <summary>The session's counters as of the loop's last turn.</summary>
    public SessionStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics;
            }
        }
    }

    /// <summary>Says that the handler has something new: units to send, or room for events.</summary>
    public void Wake() => _pump.Wake();

    /// <summary>Asks the peer for a session.</summary>
    /// <param name="initiator">Used until the session is over; the caller disposes it.</param>
    /// <param name="timeout">How long to try.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <returns>Keys that the caller owns, or why there are none.</returns>
    public async Task<HandshakeOutcome> ConnectAsync(HandshakeInitiator initiator, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(initiator);
        _initiator = initiator;
        Timestamp giveUp = _clock.Now + timeout;
        while (true)
        {
            initiator.OnTimeout(_clock.Now);
            await TransmitHandshakeAsync(cancellationToken).ConfigureAwait(false);
            if (initiator.TryTakeOutcome(out HandshakeOutcome? outcome))
            {
                return outcome;
            }

            if (_clock.Now >= giveUp)
            {
                throw new LinkException(LinkErrorCode.TimedOut, $"The peer did not answer the handshake within {timeout.TotalSeconds:0} s. Is the receiver running, and are both public keys right?");
            }

            Timestamp deadline = Timestamp.Min(giveUp, initiator.NextDeadline);
            (bool came, ReceivedDatagram received) = await _pump.WaitAsync(deadline, cancellationToken).ConfigureAwait(false);
            if (came && !received.IsEnd)
            {
                HandshakeBytesReceived += received.Length;
                initiator.OnDatagram(_pump.Datagram(received).Span);
            }
        }
    }

    /// <summary>Waits for a peer that asks for a session, answers, and waits for its first segment: its handshake alone may be a replay.</summary>
    /// <param name="responder">Used until the session is over; the caller disposes it.</param>
    /// <param name="create">Makes a session from keys, and takes them.</param>
    /// <param name="onRefused">Told of each peer that was refused, and why; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The session that a segment was opened in, which the caller owns, and the place of its snapshot among the offered ones.</returns>
    public async Task<(LiveSession Session, int SnapshotIndex)> AcceptAsync(
        HandshakeResponder responder, Func<EstablishedKeys, LiveSession> create, Action<HandshakeFailure>? onRefused, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(create);
        _responder = responder;
        using SessionCandidates candidates = new();
        while (true)
        {
            (bool came, ReceivedDatagram received) = await _pump.WaitAsync(Timestamp.Never, cancellationToken).ConfigureAwait(false);
            if (!came)
            {
                continue;
            }

            if (candidates.TryTake(_pump.Datagram(received).Span, _clock.Now, out LiveSession? session, out int snapshot)) // spec 2.5-3
            {
                _transport.Peer = received.From ?? _transport.Peer;
                return (session, snapshot);
            }

            switch (await AnswerAsync(received, cancellationToken).ConfigureAwait(false))
            {
                case EstablishedKeys keys:
                    using (keys)
                    {
                        candidates.Add(create(keys), keys.SnapshotIndex);
                    }

                    break;
                case HandshakeFailure failure:
                    onRefused?.Invoke(failure);
                    break;
            }
        }
    }

    /// <summary>Sends the datagram that opens a one-way link.</summary>
    public async Task OpenOneWayAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        await _transport.SendAsync(datagram, cancellationToken).ConfigureAwait(false);
        HandshakeBytesSent += datagram.Length;
    }

    /// <summary>Waits for the datagram that opens a one-way link.</summary>
    /// <returns>Keys that the caller owns, or null when the link ended before.</returns>
    public async Task<HandshakeOutcome?> AcceptOneWayAsync(OneWayReceiver receiver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        while (true)
        {
            (bool came, ReceivedDatagram received) = await _pump.WaitAsync(Timestamp.Never, cancellationToken).ConfigureAwait(false);
            if (came && received.IsEnd)
            {
                return null;
            }

            if (came)
            {
                receiver.OnDatagram(_pump.Datagram(received).Span, out HandshakeOutcome? outcome);
                if (outcome is not null)
                {
                    HandshakeBytesReceived += received.Length;
                    return outcome;
                }
            }
        }
    }

    /// <summary>Drives a session until it is closed, what it had to say is sent and its events are taken.</summary>
    /// <exception cref="LinkException">The transport failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the session is as it was and may be closed and driven on.</exception>
    public async Task RunAsync(LiveSession session, ISessionHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(handler);
        byte[] datagram = new byte[session.MaxDatagramSize];
        while (true)
        {
            Timestamp now = _clock.Now;
            if (session.NextDeadline <= now)
            {
                session.OnTimeout(now);
            }

            while (TryNext(session, handler, datagram, now, out int length))
            {
                await _transport.SendAsync(datagram.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                now = _clock.Now;
            }

            _initiator?.OnTimeout(now);
            await TransmitHandshakeAsync(cancellationToken).ConfigureAwait(false);
            bool heldBack = TakeEvents(session, handler);
            if (session.IsClosed && !heldBack && session.NextDeadline == Timestamp.Never)
            {
                _newcomers.Clear();
                return;
            }

            // Where nothing is sent again, a datagram that finds no room here waits in the link instead.
            bool takes = !heldBack || (_transport.HasReturnPath && session.HasReturnPath);
            await TurnAsync(session, handler, takes, cancellationToken).ConfigureAwait(false);
        }
    }

    // The handler is asked before every datagram: the one that has just left made room for the next.
    private static bool TryNext(LiveSession session, ISessionHandler handler, Span<byte> datagram, Timestamp now, out int length)
    {
        if (!session.IsClosed)
        {
            handler.Pump(session, now);
        }

        return session.TryTransmit(datagram, now, out length);
    }

    private bool TakeEvents(LiveSession session, ISessionHandler handler)
    {
        lock (_gate)
        {
            _statistics = session.Statistics;
        }

        while (handler.CanTakeEvents)
        {
            if (!session.TryTakeEvent(out SessionEvent e))
            {
                return false;
            }

            handler.OnEvent(e);
        }

        return true;
    }

    private async Task TurnAsync(LiveSession session, ISessionHandler handler, bool takes, CancellationToken cancellationToken)
    {
        Timestamp deadline = Timestamp.Min(session.NextDeadline, handler.NextDeadline);
        deadline = Timestamp.Min(deadline, _initiator?.NextDeadline ?? Timestamp.Never);
        (bool came, ReceivedDatagram received) = await _pump.WaitAsync(deadline, takes, cancellationToken).ConfigureAwait(false);
        if (!came)
        {
            return;
        }

        if (received.IsEnd)
        {
            _pump.StopReceiving();
            handler.OnLinkEnd();
            return;
        }

        ReadOnlyMemory<byte> datagram = _pump.Datagram(received);
        if (datagram.Length > 0 && datagram.Span[0] < 0x80)
        {
            await LateHandshakeAsync(session, received, cancellationToken).ConfigureAwait(false);
            return;
        }

        SessionStatistics before = session.Statistics;
        session.OnDatagram(datagram.Span, _clock.Now);
        SessionStatistics after = session.Statistics;
        if (after.Forged == before.Forged && after.Replayed == before.Replayed)
        {
            _initiator?.ConfirmPeer();

            // Only a new, authentic segment may move the peer to another address.
            if (received.From is { } from && !from.Equals(_transport.Peer))
            {
                _transport.Peer = from;
            }
        }
        else if (_newcomers.TryTake(datagram.Span, _clock.Now, out LiveSession? newcomer, out _))
        {
            using (newcomer)
            {
                newcomer.Close(LinkErrorCode.Canceled, _clock.Now, "This end was in another session; start both anew.");
                byte[] farewell = new byte[newcomer.MaxDatagramSize];
                newcomer.TryTransmit(farewell, _clock.Now, out int length);
                await SendToAsync(farewell.AsMemory(0, length), received.From, cancellationToken).ConfigureAwait(false);
            }

            handler.OnPeerRestart(session, _clock.Now);
        }
    }

    // The answer to the handshake was lost, or came twice: the machines know what to do with repetitions.
    private async Task LateHandshakeAsync(LiveSession session, ReceivedDatagram received, CancellationToken cancellationToken)
    {
        _initiator?.OnDatagram(_pump.Datagram(received).Span);
        if (_responder is not null && await AnswerAsync(received, cancellationToken).ConfigureAwait(false) is EstablishedKeys another)
        {
            // The running session is not given up for a datagram that may be a replay: its maker has to show that it has the keys. spec 2.5-3
            using (another)
            {
                SessionOptions options = new() { MaxDatagramSize = session.MaxDatagramSize };
                _newcomers.Add(LiveSession.Create(options, another, _clock.Now), another.SnapshotIndex);
            }
        }
    }

    private async Task<HandshakeOutcome?> AnswerAsync(ReceivedDatagram received, CancellationToken cancellationToken)
    {
        _handshakeOut.Clear();
        _responder!.OnDatagram(_pump.Datagram(received).Span, _clock.Now, _handshakeOut, out HandshakeOutcome? outcome);
        HandshakeBytesReceived += received.Length;
        if (_handshakeOut.WrittenCount > 0)
        {
            await SendToAsync(_handshakeOut.WrittenMemory, received.From, cancellationToken).ConfigureAwait(false);
            HandshakeBytesSent += _handshakeOut.WrittenCount;
        }

        return outcome;
    }

    /// <summary>Answers whoever sent something, without taking it for the peer: an address alone proves nothing.</summary>
    private async Task SendToAsync(ReadOnlyMemory<byte> datagram, EndPoint? target, CancellationToken cancellationToken)
    {
        if (target is null || datagram.IsEmpty)
        {
            return;
        }

        EndPoint? peer = _transport.Peer;
        _transport.Peer = target;
        try
        {
            await _transport.SendAsync(datagram, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _transport.Peer = peer;
        }
    }

    private async Task TransmitHandshakeAsync(CancellationToken cancellationToken)
    {
        _handshakeOut.Clear();
        if (_initiator is not null && _initiator.TryTransmit(_handshakeOut, _clock.Now))
        {
            await _transport.SendAsync(_handshakeOut.WrittenMemory, cancellationToken).ConfigureAwait(false);
            HandshakeBytesSent += _handshakeOut.WrittenCount;
        }
    }
}
