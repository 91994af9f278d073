using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The end of a link that waits for senders: answers handshakes, tells sessions apart, and gives each a receiver.
/// </summary>
/// <remarks>
/// A sender has one session at a time. Where another one of it, or one for which there is no place, shows its keys, the
/// session that runs is asked whether it is alive: if it stays silent for a round trip and a second, the other one
/// takes its place (spec 2.7-1).
/// </remarks>
internal sealed class ListenerEndpoint : IDatagramEndpoint
{
    /// <summary>The text that senders are told by a listener that ends, for whatever reason.</summary>
    public const string HasEndedText = "This end has ended; start it anew.";

    /// <summary>The text with which a sender is turned away while others have all places, or its key has one.</summary>
    public const string IsBusyText = "This end is in another session, which is alive.";

    // Sessions that are over, and still answer.
    private const int MaxOver = 16;

    // At most this many of the present sessions are asked whether they are alive: each question takes some of the way
    // back.
    private const int MaxRivals = 8;

    // A session that is asked whether it is alive may take this long beyond a round trip.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly EndpointOptions _options;
    private readonly TimeSpan _patience;
    private readonly ListenerNotices _notices = new();
    private readonly ListenerHandshakes _handshakes;
    private readonly List<ReceiverEndpoint> _receivers = [];
    private readonly List<Challenger> _challengers = [];
    private readonly Queue<ReceiverEndpoint> _accepted = new();
    private int _turn; // The receiver whose work or datagram comes next, so that none waits for ever.

    public ListenerEndpoint(EndpointOptions options)
    {
        _options = options;
        SessionOptions session = options.Session;
        _patience = Patience + (2 * (session.OneWayDelay + session.Rate.TimeFor(2L * session.MaxDatagramSize)));
        _handshakes = new ListenerHandshakes(options, _notices, KnowsSession);
    }

    // A session whose peer has shown its keys while others stand in its way, one of which it replaces if that stays
    // silent.
    private sealed record Challenger(ReceiverEndpoint Receiver, List<ReceiverEndpoint> Rivals, Timestamp DecideAt);

    /// <summary>Sessions that run.</summary>
    public IEnumerable<ReceiverEndpoint> Receivers => _receivers.Where(receiver => !receiver.IsOver);

    /// <summary>The reason why the opening of a file was refused; null where it was not.</summary>
    public HandshakeFailure? Refusal => _notices.FirstRefusal;

    /// <summary>Whether the path has ended, and no more sessions come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Bytes of handshake datagrams sent and received.</summary>
    public (long Sent, long Received, long Billed) HandshakeBytes =>
        (_handshakes.BytesSent, _handshakes.BytesReceived, _handshakes.BytesBilled);

    public int MaxDatagramSize => Math.Max(_options.Session.MaxDatagramSize, HandshakeDatagram.MaxLength);

    public bool TakesDatagrams => _receivers.TrueForAll(receiver => receiver.TakesDatagrams);

    public bool IsOver => HasEnded && _receivers.TrueForAll(receiver => receiver.IsOver) && !_handshakes.HasAnswers;

    public Timestamp NextDeadline
    {
        get
        {
            Timestamp next = _handshakes.HasAnswers ? Timestamp.Zero : Timestamp.Never;
            foreach (ReceiverEndpoint receiver in _receivers)
            {
                next = Timestamp.Min(next, receiver.NextDeadline);
            }

            foreach (Challenger challenger in _challengers)
            {
                next = Timestamp.Min(next, challenger.DecideAt);
            }

            return next;
        }
    }

    /// <summary>Takes a session that has begun; the listener goes on driving it.</summary>
    public bool TryAccept([NotNullWhen(true)] out ReceiverEndpoint? receiver) => _accepted.TryDequeue(out receiver);

    /// <summary>Takes what there is to tell a person; null when there is nothing.</summary>
    public ListenerNotice? TryTakeNotice() => _notices.TryTake();

    public DatagramStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
    {
        DatagramStatus status = datagram.IsEmpty ? DatagramStatus.Ignored
            : datagram[0] >= HandshakeDatagram.SegmentBit ? OnSegment(datagram, from, now)
            : OnHandshake(datagram, from, now);
        DropThoseThatAreOver();
        return status;
    }

    public void OnPathEnd(Timestamp now)
    {
        HasEnded = true;
        _receivers.ForEach(receiver => receiver.OnPathEnd(now));
        DropThoseThatAreOver();
    }

    public void OnTimeout(Timestamp now)
    {
        foreach (ReceiverEndpoint receiver in _receivers)
        {
            if (receiver.NextDeadline <= now)
            {
                receiver.OnTimeout(now);
            }
        }

        foreach (Challenger challenger in _challengers
            .FindAll(c => c.DecideAt <= now || c.Rivals.Exists(rival => rival.IsClosed)))
        {
            // A session that runs was asked and did not answer: it is dead. spec 2.7-1
            ReceiverEndpoint dead = challenger.Rivals.Find(rival => rival.IsClosed) ?? challenger.Rivals[0];
            _challengers.Remove(challenger);
            dead.Supersede(now);
            if (dead.IsSuperseded)
            {
                _notices.Add(ListenerNoticeKind.Replaced, now);
            }

            Accept(challenger.Receiver);
        }

        DropThoseThatAreOver();
    }

    public bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission)
    {
        if (_handshakes.TryTransmit(destination, out transmission))
        {
            return true;
        }

        for (int i = 0; i < _receivers.Count; i++)
        {
            _turn = (_turn + 1) % _receivers.Count;
            if (_receivers[_turn].TryTransmit(destination, now, out transmission))
            {
                return true;
            }
        }

        DropThoseThatAreOver();
        return false;
    }

    public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
    {
        work = null;
        for (int i = 0; work is null && i < _receivers.Count; i++)
        {
            _turn = (_turn + 1) % _receivers.Count;
            work = _receivers[_turn].TakeWork();
        }

        return work is not null;
    }

    public void Return(CodingWork work, Timestamp now)
    {
        ((ReceiverEndpoint)work.Owner).Return((DecodingWork)work, now);
        DropThoseThatAreOver();
    }

    public void Leave(Timestamp now, string reason)
    {
        HasEnded = true;
        foreach (ReceiverEndpoint receiver in Receivers)
        {
            receiver.Abort(now, reason, stays: false);
        }

        foreach (Challenger challenger in _challengers)
        {
            Dismiss(challenger.Receiver, HasEndedText, now);
        }

        _challengers.Clear();
    }

    public void Dispose()
    {
        _handshakes.Dispose();
        _receivers.ForEach(receiver => receiver.Dispose());
        _challengers.ForEach(challenger => challenger.Receiver.Dispose());
    }

    private DatagramStatus OnHandshake(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
    {
        using EstablishedKeys? keys = _handshakes.OnDatagram(datagram, from, now);
        if (keys is not null && _receivers.Count == 0)
        {
            Accept(new ReceiverEndpoint(_options, keys, now));
        }

        return DatagramStatus.Handshake;
    }

    private DatagramStatus OnSegment(ReadOnlySpan<byte> segment, PathAddress from, Timestamp now)
    {
        byte tag = (byte)(segment[0] & ~HandshakeDatagram.SegmentBit);

        // Few sessions share a tag, and most datagrams come from where the last one came from.
        foreach (ReceiverEndpoint receiver in _receivers.Where(r => r.HasTag(tag))
            .OrderByDescending(r => r.Address == from))
        {
            // One that looks like a replay may be another session's, whose tag is the same: only keys tell.
            if (receiver.OnDatagram(segment, from, now) == SegmentStatus.Opened)
            {
                OnHeard(receiver, now);
                return DatagramStatus.Segment;
            }
        }

        foreach (Challenger challenger in _challengers.Where(c => c.Receiver.HasTag(tag)))
        {
            if (challenger.Receiver.OnDatagram(segment, from, now) == SegmentStatus.Opened)
            {
                DropIfClosed(challenger);
                return DatagramStatus.Segment;
            }
        }

        using EstablishedKeys? keys = _handshakes.Prove(segment);
        return keys is not null && TryBegin(keys, segment, from, now) ? DatagramStatus.Segment : DatagramStatus.Ignored;
    }

    private bool TryBegin(EstablishedKeys keys, ReadOnlySpan<byte> segment, PathAddress from, Timestamp now)
    {
        List<ReceiverEndpoint> rivals = RivalsOf(keys);
        bool isTaken = rivals.Count > 0
            && (!_options.HasReturnPath || _challengers.Exists(other => other.Rivals.Intersect(rivals).Any()));
        if (isTaken || _accepted.Count >= _options.MaxSessions)
        {
            // Whoever recorded a one-way session can send all of it again: none has a successor while it runs. And the
            // application is to take the sessions that it has before there are more.
            return false;
        }

        _handshakes.OnSessionBegun(keys);
        ReceiverEndpoint receiver = new(_options, keys, now);
        receiver.OnDatagram(segment, from, now);
        if (rivals.Count == 0)
        {
            Accept(receiver);
        }
        else
        {
            _challengers.Add(new Challenger(receiver, rivals, now + _patience));
            rivals.ForEach(rival => rival.Ping());
        }

        return true;
    }

    // The session of the same sender or, where all places are taken, those that were silent for longest.
    private List<ReceiverEndpoint> RivalsOf(EstablishedKeys keys)
    {
        List<ReceiverEndpoint> alive = _receivers.FindAll(receiver => !receiver.IsClosed);
        return alive.Find(receiver => Equals(receiver.PeerKey, keys.RemoteStaticKey)) is { } own ? [own]
            : alive.Count < _options.MaxSessions ? []
            : [.. alive.OrderBy(receiver => receiver.LastHeard).Take(MaxRivals)];
    }

    private void OnHeard(ReceiverEndpoint receiver, Timestamp now)
    {
        Challenger? challenger = _challengers.Find(challenger => challenger.Rivals.Remove(receiver));
        if (challenger is { Rivals.Count: 0 })
        {
            _challengers.Remove(challenger);
            _notices.Add(ListenerNoticeKind.Busy, now);
            Dismiss(challenger.Receiver, IsBusyText, now);
        }
    }

    private void DropIfClosed(Challenger challenger)
    {
        if (challenger.Receiver.IsClosed) // The challenger gave up.
        {
            _challengers.Remove(challenger);
            challenger.Receiver.Dispose();
        }
    }

    private void Dismiss(ReceiverEndpoint receiver, string why, Timestamp now)
    {
        receiver.Abort(now, why, stays: true);
        byte[] farewell = new byte[_options.Session.MaxDatagramSize];
        if (receiver.TryTransmit(farewell, now, out Transmission written))
        {
            _handshakes.Answer(farewell[..written.Length], written.To);
        }

        receiver.Dispose();
    }

    private void Accept(ReceiverEndpoint receiver)
    {
        _receivers.Add(receiver);
        _accepted.Enqueue(receiver);
    }

    private bool KnowsSession(byte remoteTag, NSec.Cryptography.PublicKey? peer) =>
        _receivers.Concat(_challengers.Select(challenger => challenger.Receiver))
            .Any(receiver => receiver.RemoteTag == remoteTag && receiver.PeerHasKeys
                && (peer is null || peer.Equals(receiver.PeerKey)));

    // A sender that did not hear the end of its session asks for it, perhaps after an outage: some sessions that are
    // over still answer.
    private void DropThoseThatAreOver()
    {
        int over = 0;
        foreach (ReceiverEndpoint receiver in _receivers)
        {
            over += receiver.IsOver ? 1 : 0;
        }

        for (int i = 0; over > MaxOver && i < _receivers.Count; i++)
        {
            if (_receivers[i].IsOver)
            {
                _receivers[i].Dispose();
                _receivers.RemoveAt(i--);
                over--;
            }
        }
    }
}
