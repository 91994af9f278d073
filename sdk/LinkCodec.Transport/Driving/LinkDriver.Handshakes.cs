using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

public sealed partial class LinkDriver
{
    private const int OneWayCandidates = 512; // A one-way sender may say nothing for long after its opening.

    // How long a session that is asked whether it is alive may take beyond a round trip.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ArrayBufferWriter<byte> _handshakeOut = new(256);
    private readonly SilenceWatch _silence = new();
    private SessionCandidates? _candidates;
    private HandshakeInitiator? _initiator;
    private HandshakeInitiator? _inquiry;
    private HandshakeResponder? _responder;
    private OneWayReceiver? _oneWay;
    private IAcceptObserver? _observer;
    private Func<EstablishedKeys, LiveSession> _create = _ => throw new InvalidOperationException("Nothing was accepted.");
    private Challenger? _challenger;
    private Challenger? _successor;
    private TimeSpan _patience;
    private byte? _sessionTag;
    private long _misfits;
    private long _handshakeSent;
    private long _handshakeReceived;

    /// <summary>Bytes of handshake datagrams sent so far. Thread-safe.</summary>
    public long HandshakeBytesSent => Interlocked.Read(ref _handshakeSent);

    /// <summary>Bytes of handshake datagrams taken so far. Thread-safe.</summary>
    public long HandshakeBytesReceived => Interlocked.Read(ref _handshakeReceived);

    private Timestamp HandshakeDeadline =>
        Timestamp.Min(_initiator?.NextDeadline ?? Timestamp.Never, _challenger?.DecideAt ?? Timestamp.Never);

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
            await TransmitAsync(initiator, cancellationToken).ConfigureAwait(false);
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
                Interlocked.Add(ref _handshakeReceived, received.Length);
                initiator.OnDatagram(_pump.Datagram(received).Span);
            }
        }
    }

    /// <summary>Waits for a peer that asks for a session, answers, and waits for its first segment: its handshake alone may be a replay.</summary>
    /// <param name="responder">Used until the session is over; the caller disposes it.</param>
    /// <param name="create">Makes a session from keys, and takes them. Used until the session is over: another one may take its place.</param>
    /// <param name="roundTrip">What a session that runs may take to show that it is alive, when another is asked for.</param>
    /// <param name="observer">Hears of handshakes that gave no session; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The session that a segment was opened in.</returns>
    public async Task<AcceptedSession> AcceptAsync(
        HandshakeResponder responder, Func<EstablishedKeys, LiveSession> create, TimeSpan roundTrip, IAcceptObserver? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(create);
        (_responder, _create, _observer, _patience) = (responder, create, observer, Patience + roundTrip);
        _candidates ??= new SessionCandidates(HandshakeResponder.Remembered);
        responder.KnowsSession = tag => tag == _sessionTag || tag == _challenger?.RemoteTag || tag == _successor?.RemoteTag;
        while (true)
        {
            (bool came, ReceivedDatagram received) = await _pump.WaitAsync(Timestamp.Never, cancellationToken).ConfigureAwait(false);
            if (came && _candidates.TryTake(_pump.Datagram(received).Span, out EstablishedKeys? keys)) // spec 2.5-3
            {
                return Begin(keys, received);
            }

            if (came)
            {
                await AnswerAsync(received, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends the datagram that opens a one-way link.</summary>
    public async Task OpenOneWayAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        await _transport.SendAsync(datagram, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _handshakeSent, datagram.Length);
    }

    /// <summary>Waits for the datagram that opens a one-way link and, where strangers may send too, for a segment under its keys.</summary>
    /// <param name="receiver">Takes the openings.</param>
    /// <param name="create">Makes a session from keys, and takes them.</param>
    /// <param name="observer">Hears of openings that gave no session; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The session, or null when the link ended before.</returns>
    public async Task<AcceptedSession?> AcceptOneWayAsync(
        OneWayReceiver receiver, Func<EstablishedKeys, LiveSession> create, IAcceptObserver? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(create);
        (_oneWay, _create, _observer) = (receiver, create, observer);
        _candidates ??= new SessionCandidates(OneWayCandidates);
        while (true)
        {
            (bool came, ReceivedDatagram received) = await _pump.WaitAsync(Timestamp.Never, cancellationToken).ConfigureAwait(false);
            if (came && received.IsEnd)
            {
                return null;
            }

            if (came && _candidates.TryTake(_pump.Datagram(received).Span, out EstablishedKeys? proven)) // spec 2.6-2
            {
                return Begin(proven, received);
            }

            if (came && OnOpening(received) is EstablishedKeys keys)
            {
                if (!_transport.HasReturnPath) // A file: nobody mixes recordings into it, and nothing else opens it.
                {
                    using (keys)
                    {
                        return new AcceptedSession(create(keys), keys.SnapshotIndex);
                    }
                }

                _candidates.Add(keys);
            }
        }
    }

    /// <summary>Erases the keys that no session was made of. The loop must have ended.</summary>
    internal void Forget()
    {
        _candidates?.Dispose();
        _inquiry?.Dispose();
        _challenger?.Session.Dispose();
        _successor?.Session.Dispose();
        (_inquiry, _challenger, _successor) = (null, null, null);
    }

    private AcceptedSession Begin(EstablishedKeys keys, ReceivedDatagram received)
    {
        using (keys)
        {
            LiveSession session = Create(keys, received);
            _transport.Peer = received.From ?? _transport.Peer;
            _sessionTag = keys.RemoteTag;
            return new AcceptedSession(session, keys.SnapshotIndex);
        }
    }

    private LiveSession Create(EstablishedKeys keys, ReceivedDatagram received)
    {
        LiveSession session = _create(keys);
        _responder?.OnSessionBegun(); // From now on a copy of that Initiate gives other keys.
        session.OnDatagram(_pump.Datagram(received).Span, _clock.Now);
        return session;
    }

    /// <summary>What of handshakes is due beside a running session.</summary>
    private async Task TendHandshakesAsync(LiveSession session, ISessionHandler handler, Timestamp now, CancellationToken cancellationToken)
    {
        if (_challenger is { } challenger && (session.IsClosed || challenger.DecideAt <= now))
        {
            // The session that runs was asked and did not answer: it is dead. spec 2.7-1
            _challenger = null;
            _successor = session.IsClosed || !handler.OnPeerRestart(session, now) ? null : challenger;
            if (_successor is null)
            {
                await DismissAsync(challenger, "This end has ended; start it anew.", cancellationToken).ConfigureAwait(false);
            }
        }

        _initiator?.OnTimeout(now);
        if (_initiator is not null && await TransmitAsync(_initiator, cancellationToken).ConfigureAwait(false))
        {
            session.Ping(); // spec 2.5-5: right behind its handshake, before others push that out.
        }

        if (_initiator is not null && !session.IsClosed && _silence.IsDue(session.Statistics))
        {
            _inquiry?.Dispose();
            _inquiry = _initiator.CreateInquiry();
            await TransmitAsync(_inquiry, cancellationToken).ConfigureAwait(false);
        }
    }

    // The answer to the handshake was lost, or came twice, or another session is asked for: the machines know what to do.
    private async Task LateHandshakeAsync(LiveSession session, ISessionHandler handler, ReceivedDatagram received, CancellationToken cancellationToken)
    {
        _initiator?.OnDatagram(_pump.Datagram(received).Span);
        if (_responder is not null)
        {
            await AnswerAsync(received, cancellationToken).ConfigureAwait(false);
        }
        else if (_oneWay is not null && OnOpening(received) is EstablishedKeys other)
        {
            other.Dispose(); // Whoever recorded an earlier session can send all of it again: a one-way session has no successor.
        }

        _inquiry?.OnDatagram(_pump.Datagram(received).Span);
        if (_inquiry is not null && _inquiry.TryTakeOutcome(out HandshakeOutcome? outcome))
        {
            using EstablishedKeys? keys = outcome as EstablishedKeys;
            if (keys is { PeerKnowsSession: false } || outcome is HandshakeFailure { IsProven: true }) // spec 2.5-6
            {
                handler.OnPeerRestart(session, _clock.Now);
            }
        }
    }

    /// <summary>A segment that is none of the running session: perhaps of one that a peer has asked for meanwhile.</summary>
    private void OnForeignSegment(LiveSession session, ReceivedDatagram received)
    {
        ReadOnlySpan<byte> datagram = _pump.Datagram(received).Span;
        if ((_challenger ?? _successor) is { } waiting)
        {
            waiting.Takes(datagram, received.From, _clock.Now);
            if (waiting == _challenger && waiting.Session.IsClosed) // It gave up.
            {
                waiting.Session.Dispose();
                _challenger = null;
            }
        }
        else if (_responder is not null && _candidates?.TryTake(datagram, out EstablishedKeys? keys) == true)
        {
            // Its maker has shown that it has the keys. spec 2.5-3
            using (keys)
            {
                _challenger = new Challenger(Create(keys, received), keys, received.From, _clock.Now + _patience);
            }

            session.Ping();
        }
    }

    private async Task OnHeardAsync(CancellationToken cancellationToken)
    {
        _initiator?.ConfirmPeer();
        if (_challenger is { } challenger)
        {
            _challenger = null;
            _observer?.OnBusy();
            await DismissAsync(challenger, "This end is in another session, which is alive.", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DismissAsync(Challenger challenger, string why, CancellationToken cancellationToken)
    {
        using LiveSession session = challenger.Session;
        session.Close(LinkErrorCode.Canceled, _clock.Now, why);
        byte[] farewell = new byte[session.MaxDatagramSize];
        if (session.TryTransmit(farewell, _clock.Now, out int length))
        {
            await SendToAsync(farewell.AsMemory(0, length), challenger.From, cancellationToken).ConfigureAwait(false);
        }
    }

    private AcceptedSession? TakeSuccessor()
    {
        Challenger? successor = _successor;
        _successor = null;
        _sessionTag = successor?.RemoteTag;
        if (successor is null)
        {
            return null;
        }

        _transport.Peer = successor.From ?? _transport.Peer;
        return new AcceptedSession(successor.Session, successor.SnapshotIndex);
    }

    private EstablishedKeys? OnOpening(ReceivedDatagram received)
    {
        _oneWay!.OnDatagram(_pump.Datagram(received).Span, out HandshakeOutcome? outcome);
        Interlocked.Add(ref _handshakeReceived, outcome is null ? 0 : received.Length);
        Tell(outcome, _oneWay.MisfitCount);
        return outcome as EstablishedKeys;
    }

    private async Task AnswerAsync(ReceivedDatagram received, CancellationToken cancellationToken)
    {
        _handshakeOut.Clear();
        _responder!.OnDatagram(_pump.Datagram(received).Span, _clock.Now, _handshakeOut, out HandshakeOutcome? outcome, SourceOf(received.From));
        Interlocked.Add(ref _handshakeReceived, received.Length);
        Tell(outcome, _responder.MisfitCount);
        if (outcome is EstablishedKeys keys)
        {
            _candidates!.Add(keys);
        }

        if (_handshakeOut.WrittenCount > 0)
        {
            await SendToAsync(_handshakeOut.WrittenMemory, received.From, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _handshakeSent, _handshakeOut.WrittenCount);
        }
    }

    private void Tell(HandshakeOutcome? outcome, long misfits)
    {
        if (outcome is HandshakeFailure failure)
        {
            _observer?.OnRefused(failure);
        }

        if (misfits != _misfits)
        {
            _misfits = misfits;
            _observer?.OnMisfit();
        }
    }

    /// <summary>Answers whoever sent something, without taking it for the peer: an address alone proves nothing.</summary>
    private ValueTask SendToAsync(ReadOnlyMemory<byte> datagram, EndPoint? target, CancellationToken cancellationToken) =>
        target is null || datagram.IsEmpty ? ValueTask.CompletedTask : _transport.SendAsync(datagram, target, cancellationToken);

    private async Task<bool> TransmitAsync(HandshakeInitiator initiator, CancellationToken cancellationToken)
    {
        bool any = false;
        _handshakeOut.Clear();
        while (initiator.TryTransmit(_handshakeOut, _clock.Now))
        {
            any = true;
            await _transport.SendAsync(_handshakeOut.WrittenMemory, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _handshakeSent, _handshakeOut.WrittenCount);
            _handshakeOut.Clear();
        }

        return any;
    }

    /// <summary>The machine behind an address, without its port; of an IPv6 address the network, since one machine may have all of it.</summary>
    private static ulong? SourceOf(EndPoint? from)
    {
        if (from is not IPEndPoint { Address: { } address })
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
