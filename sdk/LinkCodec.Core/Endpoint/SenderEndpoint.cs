using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>The sending end of a link: makes its handshake, then carries messages as the options promise.</summary>
internal sealed class SenderEndpoint : IDatagramEndpoint
{
    /// <summary>
    /// The text with which a sender closes its session when the receiver has told that it does not know the session.
    /// </summary>
    public const string ForgottenByReceiver =
        "the receiver does not know this session any more: it was started anew, or another sender took over; what it "
            + "had not given out is lost";

    /// <summary>
    /// The text with which a sender closes a resumed session when the receiver does not hold the snapshot any more.
    /// </summary>
    public const string NotResumed = "the receiver does not resume the session: it holds another snapshot by now";

    // So many segments are lost if the first datagram was: it is sent twice, where so many follow it at once.
    private const int RepeatsBehind = 8;

    private readonly EndpointOptions _options;
    private readonly SenderHandshake _handshake;
    private readonly SilenceWatch _silence = new();
    private LiveSession? _session;
    private int _earlySent;

    public SenderEndpoint(EndpointOptions options, Timestamp now)
    {
        _options = options;
        _handshake = new SenderHandshake(options, now);
        if (_handshake.Early is { } early)
        {
            Begin(new LiveSession(options.Session, early, now), options.Handshake.Resumption!.Offer);
        }
    }

    /// <summary>
    /// The reason why there is no session: it was refused, or nobody answered. Null while there may be one.
    /// </summary>
    public HandshakeFailure? Failure => _handshake.Failure;

    /// <summary>Whether there is a session: the handshake has given one, or one is resumed.</summary>
    public bool HasSession => _session is not null;

    /// <summary>Whether the session was resumed: its first segments leave before the receiver has answered.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>Whether the receiver has answered.</summary>
    public bool IsAnswered => _session is { IsEarly: false };

    /// <summary>Whether the receiver took the segments that left before it had answered.</summary>
    public bool IsEarlyTaken { get; private set; }

    /// <summary>The secret by which a later session may resume this one; null before the answer. It stays the
    /// endpoint's.</summary>
    public ResumptionSecret? Resumption { get; private set; }

    /// <summary>The messages on their way; null without a session and its predictor.</summary>
    public SenderStream? Stream { get; private set; }

    /// <summary>
    /// The place of the agreed snapshot among the offered ones; meaningful with a session.
    /// </summary>
    public int SnapshotIndex { get; private set; }

    /// <summary>Bytes of handshake datagrams sent and received.</summary>
    public (long Sent, long Received, long Billed) HandshakeBytes =>
        (_handshake.BytesSent, _handshake.BytesReceived, _handshake.BytesBilled);

    /// <summary>The session's counters.</summary>
    public SessionStatistics Statistics => _session?.Statistics ?? default;

    public int MaxDatagramSize => Math.Max(_options.Session.MaxDatagramSize, HandshakeDatagram.MaxLength);

    public bool TakesDatagrams => true;

    public bool IsOver =>
        Failure is not null || _session is { IsClosed: true } && _session.NextDeadline == Timestamp.Never;

    public Timestamp NextDeadline => _session is null ? _handshake.NextDeadline
        : _session.IsClosed ? _session.NextDeadline
        : Timestamp.Min(_handshake.NextDeadline,
            Timestamp.Min(_session.NextDeadline, Stream?.NextDeadline ?? Timestamp.Never));

    public DatagramStatus OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
    {
        if (datagram.Length > 0 && datagram[0] < HandshakeDatagram.SegmentBit)
        {
            _handshake.OnDatagram(datagram);
            TakeKeys(now);
            GiveUpEarly(now);
            if (_handshake.IsForgotten && _session is { IsClosed: false })
            {
                _session.Abandon(LinkErrorCode.Canceled, now, ForgottenByReceiver);
            }

            return DatagramStatus.Handshake;
        }

        if (_session?.OnDatagram(datagram, now) != SegmentStatus.Opened)
        {
            return DatagramStatus.Ignored;
        }

        _handshake.OnHeard();
        _silence.OnHeard(Probes(_session));
        return DatagramStatus.Segment;
    }

    /// <summary>Begins to take messages, in a session that waits for its predictor.</summary>
    /// <param name="predictor">The predictor of the snapshot at <see cref="SnapshotIndex"/>.</param>
    /// <param name="compressors">The compressors of its blocks; null where no blocks are sent.</param>
    public void Start(Predictor predictor, BlockCompressorFactory? compressors) =>
        Stream = new SenderStream(_options, _session!, predictor, compressors);

    public void OnPathEnd(Timestamp now)
    {
    }

    public void OnTimeout(Timestamp now)
    {
        if (_session is not { IsClosed: true })
        {
            _handshake.OnTimeout(now);
            GiveUpEarly(now);
        }

        if (_session is null)
        {
            return;
        }

        _session.OnTimeout(now);
        if (_session is { IsClosed: false, IsEarly: false } && _silence.IsDue(Probes(_session)))
        {
            _handshake.Inquire();
        }
    }

    public bool TryTransmit(Span<byte> destination, Timestamp now, out Transmission transmission)
    {
        int length = 0;
        if (_session is not { IsClosed: true } && _handshake.TryTransmit(destination, now, out length, out bool isOwn))
        {
            TakeKeys(now);
            if (isOwn && _session is { IsEarly: false })
            {
                _session.Ping(); // spec 2.5-5: right behind its handshake, before others push that out.
            }
        }
        else if (_session is not null)
        {
            Stream?.Pump(now);
            _session.TryTransmit(destination, now, out length);
            Stream?.Pump(now);
            if (length > 0 && _session.IsEarly && ++_earlySent == RepeatsBehind)
            {
                _handshake.Repeat();
            }
        }

        transmission = new Transmission(length, default);
        return length > 0;
    }

    public bool TryTakeWork([NotNullWhen(true)] out CodingWork? work)
    {
        work = null;
        return Stream?.TryTakeWork(out work) == true;
    }

    public void Return(CodingWork work, Timestamp now) => Stream!.Return((EncodingWork)work, now);

    public void Leave(Timestamp now, string reason)
    {
        _session?.Leave(LinkErrorCode.Canceled, now, reason);
        Stream?.Pump(now);
    }

    public void Dispose()
    {
        _handshake.Dispose();
        Stream?.Dispose();
        _session?.Dispose();
        Resumption?.Dispose();
    }

    // Where everything is reported, nothing is left to be probed for: a question of the stream that stays unanswered
    // counts as much as all the probes that are waited for.
    private long Probes(LiveSession session) =>
        session.Statistics.ProbesSent + (SilenceWatch.Probes * (Stream?.VainQuestions ?? 0));

    private void TakeKeys(Timestamp now)
    {
        using EstablishedKeys? keys = _session is null or { IsEarly: true, IsClosed: false }
            ? _handshake.TakeKeys()
            : null;
        if (keys is null)
        {
            return;
        }

        Resumption = _options.Handshake.MayResume ? keys.CreateResumption() : null;
        if (_session is not null && !_handshake.IsEarlyRefused)
        {
            IsEarlyTaken = keys.TakesEarly;
            _session.Confirm(keys, now);
            _session.Ping(); // It shows the receiver the keys, and asks what came.
        }
        else if (_session is null)
        {
            Begin(new LiveSession(_options.Session, keys, now), keys.SnapshotIndex);
        }
    }

    // What early segments hold is coded with one snapshot, and their session has no other.
    private void GiveUpEarly(Timestamp now)
    {
        if (_session is { IsClosed: false, IsEarly: true })
        {
            if (Failure is { } failure)
            {
                _session.Abandon(failure.Code, now, failure.Message);
            }
            else if (_handshake.IsEarlyRefused)
            {
                _session.Abandon(LinkErrorCode.SnapshotMismatch, now, NotResumed);
            }

            Stream?.Pump(now);
        }
    }

    private void Begin(LiveSession session, int snapshotIndex)
    {
        _session = session;
        IsResumed = session.IsEarly;
        _session.Ping(); // The receiver counts a session only once a segment opens in it (spec 2.5-3).
        SnapshotIndex = snapshotIndex;
        if (_options.Predictors.Count > 0)
        {
            Start(_options.Predictors[SnapshotIndex], _options.Compressors.ElementAtOrDefault(SnapshotIndex));
        }
    }
}
