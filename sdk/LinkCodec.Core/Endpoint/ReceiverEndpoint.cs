using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The receiving end of one session: a part of a listener, which drives it; its application takes the messages.
/// </summary>
internal sealed class ReceiverEndpoint : IDisposable
{
    // A stream whose last segments come so many times slower than the ones before has paused.
    private const int RepairsWithin = 4;

    private readonly EndpointOptions _options;
    private readonly LiveSession _session;
    private readonly ClosingLinger _linger;
    private readonly DecodingSpeed _speed = new();
    private readonly DeliveryReport _delivery;
    private readonly byte? _earlyTag; // Of segments that the sender sent before it was answered.
    private readonly HandshakeReply? _held; // The answer that the sender may not have yet.
    private TimeSpan _interval;
    private bool _isConfirmed;
    private bool _isAborted;
    private bool _pathEnded;
    private bool _isDisposed;

    /// <param name="options">The listener's options.</param>
    /// <param name="keys">The keys that the handshake left; the endpoint takes them.</param>
    /// <param name="now">The present.</param>
    public ReceiverEndpoint(EndpointOptions options, EstablishedKeys keys, Timestamp now)
    {
        _options = options;
        (SnapshotIndex, LocalTag, RemoteTag, PeerKey) = (keys.SnapshotIndex, keys.LocalTag, keys.RemoteTag,
            keys.RemoteStaticKey);
        _earlyTag = keys.Early is { IsThere: true } early ? early.Tag : null;
        Resumption = options.Handshake.MayResume ? keys.CreateResumption() : null;
        _held = keys.Reply;
        _session = new LiveSession(options.Session, keys, now);
        _linger = new ClosingLinger(options.Session.OneWayDelay);
        _delivery = new DeliveryReport(options.Session.OneWayDelay);
        Messages = new ReceivedMessages(options, options.Predictors[SnapshotIndex],
            options.Compressors.ElementAtOrDefault(SnapshotIndex));
        LastHeard = now;
    }

    /// <summary>The messages that have come.</summary>
    public ReceivedMessages Messages { get; }

    /// <summary>The place of the agreed snapshot among the offered ones.</summary>
    public int SnapshotIndex { get; }

    /// <summary>That snapshot.</summary>
    public SnapshotOffer Snapshot => _options.Handshake.Snapshots[SnapshotIndex];

    /// <summary>The tag on the segments that come.</summary>
    public byte LocalTag { get; }

    /// <summary>Whether segments of the session may have this tag.</summary>
    public bool HasTag(byte tag) => tag == LocalTag || tag == _earlyTag;

    /// <summary>Whether the sender has shown that it took this end's answer, and no other.</summary>
    public bool PeerHasKeys => !_isDisposed && _session.PeerHasKeys;

    /// <summary>The tag on the segments that go, which the sender has chosen.</summary>
    public byte RemoteTag { get; }

    /// <summary>The secret by which a later session may resume this one; null where the pattern has none. It stays the
    /// endpoint's.</summary>
    public ResumptionSecret? Resumption { get; }

    /// <summary>The sender's static key; null where the pattern has none.</summary>
    public NSec.Cryptography.PublicKey? PeerKey { get; }

    /// <summary>The address that the last authentic segment came from, and answers go to.</summary>
    public PathAddress Address { get; private set; }

    /// <summary>The instant at which the last authentic segment came.</summary>
    public Timestamp LastHeard { get; private set; }

    /// <summary>The sender's last word about its messages; null before it said anything.</summary>
    public byte[]? Control { get; private set; }

    /// <summary>The event that ended the session, once it has ended.</summary>
    public SessionEvent? Closing { get; private set; }

    /// <summary>Whether the session was ended because its sender has another one.</summary>
    public bool IsSuperseded { get; private set; }

    public SessionStatistics Statistics { get; private set; }

    public bool IsClosed => _session.IsClosed;

    public bool IsOver => _session.IsClosed && _session.NextDeadline == Timestamp.Never
        && Messages is { IsComplete: true, IsDecoding: false };

    public bool TakesDatagrams => _options.HasReturnPath || Messages.TakesFrames || _session.IsClosed;

    public Timestamp NextDeadline
    {
        get
        {
            Timestamp messages = Messages.IsComplete ? Timestamp.Never : Messages.NextDeadline;
            Timestamp linger = _session.IsClosed ? Timestamp.Never : _linger.DueAt;
            Timestamp telling = _session.CanSendControl ? _delivery.DueAt : Timestamp.Never;
            return Timestamp.Min(Timestamp.Min(_session.NextDeadline, telling), Timestamp.Min(messages, linger));
        }
    }

    /// <summary>Takes a segment.</summary>
    public SegmentStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
    {
        SegmentStatus status = _session.OnDatagram(datagram, now);
        if (status == SegmentStatus.Opened)
        {
            _interval = now - LastHeard;
            ReleaseAnswer(_session.PeerHasKeys);
            (Address, LastHeard) = (from, now); // Only a new, authentic segment may move the peer to another address.
        }

        Update(now);
        if (status == SegmentStatus.Opened && Messages.Total is not null && !_options.HasReturnPath && !_options.IsFile)
        {
            _linger.OnHeard(now); // Nobody will send again what is missing: this end does not wait for it for ever.
        }

        return status;
    }

    public void OnTimeout(Timestamp now)
    {
        if (_session.NextDeadline <= now)
        {
            _session.OnTimeout(now);
        }

        if (_linger.DueAt <= now && !Messages.TakesFrames)
        {
            _linger.OnHeard(now); // Nothing is heard while what came is not taken.
        }
        else if (_linger.DueAt <= now)
        {
            _session.Close(LinkErrorCode.Closed, now);
        }

        Update(now);
    }

    /// <summary>The path has ended: nothing comes any more.</summary>
    public void OnPathEnd(Timestamp now)
    {
        _pathEnded = true;
        Update(now);
    }

    public bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission)
    {
        Update(now);
        bool any = _session.TryTransmit(destination, now, out int length);
        transmission = new Transmission(length, Address);
        return any;
    }

    public DecodingWork? TakeWork() => Messages.TakeWork(this);

    public void Return(DecodingWork work, Timestamp now)
    {
        if (work.Seconds is { } seconds)
        {
            _speed.OnDecoded(work.MessageBytes, seconds);
        }

        Messages.Return(work);
        Update(now);
        if (_options.HasReturnPath && _session.CanSendControl && _speed.Tell(now) is { } map)
        {
            _session.SendControl(map);
        }
    }

    /// <summary>Tells the sender how many messages of its durable queue are delivered.</summary>
    /// <param name="delivered">The messages, from the queue's first on.</param>
    /// <param name="isUrgent">Whether the sender waits for it.</param>
    /// <param name="now">The present.</param>
    public void TellDelivered(ulong delivered, bool isUrgent, Timestamp now)
    {
        _delivery.Set(delivered, isUrgent);
        UpdateIfThere(now);
    }

    /// <summary>Tells the sender what this end has of its durable queue, when the session begins.</summary>
    /// <param name="delivered">Messages that are delivered, from the queue's first on.</param>
    /// <param name="held">Bytes that are there of the message behind them.</param>
    /// <param name="keeps">Whether this end keeps <see cref="Resumption"/>.</param>
    /// <param name="now">The present.</param>
    public void TellBeginning(ulong delivered, ulong held, bool keeps, Timestamp now)
    {
        _delivery.SetFirst(delivered, held, keeps);
        UpdateIfThere(now);
    }

    /// <summary>Asks the sender whether it is still there.</summary>
    public void Ping() => _session.Ping();

    /// <summary>The application has used every message: the sender may be told.</summary>
    public void Confirm(Timestamp now)
    {
        _isConfirmed = true;
        UpdateIfThere(now);
    }

    /// <summary>Ends the session, because what was received cannot be used or is not wanted any more.</summary>
    public void Abort(Timestamp now, string reason, bool stays, LinkErrorCode code = LinkErrorCode.Canceled)
    {
        _isAborted = true;
        Messages.Abort(code, "Receiving was stopped.");
        if (_isDisposed)
        {
            return;
        }

        if (stays)
        {
            _session.Close(code, now, reason);
        }
        else
        {
            _session.Leave(LinkErrorCode.Canceled, now, reason);
        }

        Update(now);
    }

    /// <summary>The sender has lost this session and shown the keys of another.</summary>
    public void Supersede(Timestamp now)
    {
        IsSuperseded = !_isConfirmed && !_session.IsClosed;
        if (_session.IsClosed)
        {
            return;
        }

        _session.Leave(
            IsSuperseded ? LinkErrorCode.Canceled : LinkErrorCode.Closed, now,
            IsSuperseded ? "another session has taken its place" : "");
        Update(now);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Statistics = _session.Statistics;
            _session.Dispose();
            Messages.Dispose();
            ReleaseAnswer(true);
            Resumption?.Dispose();
        }
    }

    // spec 2.8-7: until the sender has shown that it was answered, the answer is kept for it.
    private void ReleaseAnswer(bool isOver)
    {
        if (isOver && _held is not null)
        {
            _held.IsHeld = false;
        }
    }

    // The next repairs are a few segments away.
    private Timestamp? HopesUntil => _session.AwaitsRepairs ? LastHeard + (RepairsWithin * _interval) : null;

    private void UpdateIfThere(Timestamp now)
    {
        if (!_isDisposed)
        {
            Update(now);
        }
    }

    private void Update(Timestamp now)
    {
        TakeEvents();
        Messages.Advance(now, HopesUntil);
        if (!_session.IsClosed)
        {
            _session.ForgetUnitsBefore(Messages.HasPassedOver ? 0 : Messages.FirstMissing);
            _session.HoldBackUnitsFrom(Messages.IsBlocked ? Messages.FirstMissing + 1 : ulong.MaxValue);
            if (Messages.Error != LinkErrorCode.None)
            {
                _session.Close(Messages.Error, now, Messages.ErrorText);
            }
            else if (_pathEnded || (_options.HasReturnPath && _isConfirmed))
            {
                _session.Close(LinkErrorCode.Closed, now); // spec 4.7-5
            }

            TakeEvents();
            Messages.Advance(now, HopesUntil);
            if (_session.TakeAsked())
            {
                _delivery.OnAsked();
            }

            if (_session.CanSendControl && _delivery.TryTake(now, _session.Statistics.BytesReceived) is { } map)
            {
                _session.SendControl(map);
            }
        }

        Statistics = _session.Statistics;
        if (IsOver)
        {
            Messages.Dispose(); // The rest of the endpoint stays, to answer a sender that did not hear the end.
        }
    }

    private void TakeEvents()
    {
        while ((Messages.TakesFrames || _isAborted) && _session.TryTakeEvent(out SessionEvent e))
        {
            switch (e.Kind)
            {
                case SessionEventKind.UnitReceived:
                    Messages.Add(e.Frames!);
                    break;
                case SessionEventKind.ControlReceived:
                    Control = e.Control;
                    break;
                case SessionEventKind.PeerEnded:
                    Messages.Total = e.TotalMessages;
                    break;
                case SessionEventKind.Closed:
                    Closing = e;
                    Messages.End();
                    break;
            }
        }
    }
}
