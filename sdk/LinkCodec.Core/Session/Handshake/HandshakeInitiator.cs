using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The side that asks for a session: sends the Initiate, repeats it until it is answered, tries another snapshot when
/// refused.
/// </summary>
/// <remarks>
/// <para>Spec: protocol-spec/02-handshake.md. Owns no socket and no clock: after every call take what
/// <see cref="TryTransmit"/> has, then wait for a datagram or for <see cref="NextDeadline"/>.</para>
/// <para>Forged, damaged, stale and reflected datagrams change nothing but <see cref="RejectedCount"/>. Not
/// thread-safe. Dispose erases the secrets; the keys of the outcome belong to whoever took it.</para>
/// </remarks>
internal sealed class HandshakeInitiator : IDisposable
{
    private const int HintsNeeded = 2;
    // Waits are counted in halves of the interval.
    private const int UsualWait = 4;
    private const int UsualAttempts = 16; // After so many the responder is away, and what is sent to it is lost.
    private const int LongestWait = 40;
    private const int LongestWaitOnceOver = 32;

    private readonly HandshakeOptions _options;
    private readonly NoisePattern _pattern;
    private readonly SnapshotShortId[] _offered;
    private readonly bool[] _tried;
    private HandshakeState? _handshake;
    private byte[] _initiate = [];
    private byte[]? _finish;
    private byte _tag;
    private int _offer;
    private int _attempts;
    private bool _initiateIsDue;
    private bool _finishIsDue;
    private HandshakeRefusal? _hint;
    private int _hintCount;
    private int _hintAttempt;
    private HandshakeOutcome? _outcome;
    private bool _isOver;
    private bool _isConfirmed;
    private PublicKey? _peerKey;
    private byte[] _respond = [];
    private bool _hasOtherAnswer;
    private int _otherAnswerAt;

    /// <summary>Makes the first Initiate.</summary>
    /// <param name="options">The options of the handshake; kept, so that their keys must live as long as this
    /// object.</param>
    /// <exception cref="ArgumentException">The options lack a key or contradict each other, or the peer's key is of low
    /// order.</exception>
    public HandshakeInitiator(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: true, oneWay: false);
        _options = options;
        _pattern = options.NoisePattern;
        _offered = [.. options.Snapshots.Select(s => s.ShortId)];
        _tried = new bool[_offered.Length];
        Begin(options.Resumption?.Offer ?? 0, options.Resumption?.Secret);
    }

    /// <summary>The keys of early segments, where the session is resumed; the caller disposes them.</summary>
    public EarlyKeys? Early { get; private set; }

    /// <summary>Whether the responder has refused what early segments rest on: they are of no use.</summary>
    public bool IsEarlyRefused { get; private set; }

    /// <summary>Sends the first datagram once more, before the time has come: much depends on it.</summary>
    public void Repeat() => _initiateIsDue |= !_isOver;

    /// <summary>
    /// The instant to call <see cref="OnTimeout"/> at; <see cref="Timestamp.Never"/> while a datagram waits to be sent,
    /// and at the end.
    /// </summary>
    public Timestamp NextDeadline { get; private set; } = Timestamp.Never;

    /// <summary>The number of datagrams that were refused: forged, damaged, stale or not for this handshake.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>The number of datagrams that <see cref="TryTransmit"/> handed out.</summary>
    public int TransmittedCount { get; private set; }

    /// <summary>Writes the datagram that is due, if one is, and starts its timer.</summary>
    /// <returns>False when nothing is due.</returns>
    public bool TryTransmit(IBufferWriter<byte> writer, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (!_initiateIsDue && !_finishIsDue)
        {
            return false;
        }

        // spec 2.5-1: the bytes are the same, so that the responder knows a repetition.
        writer.Write(_initiateIsDue ? _initiate : _finish!);
        TransmittedCount++;
        if (_initiateIsDue && _finishIsDue)
        {
            _initiateIsDue = false;
            return true; // The Finish follows at once.
        }

        (_initiateIsDue, _finishIsDue) = (false, false);
        _attempts++;
        Wait(now, _isOver ? Math.Min(_attempts + 2, LongestWaitOnceOver) : HalvesAfter(_attempts));
        return true;
    }

    /// <summary>Tells the time when <see cref="NextDeadline"/> has come; earlier calls do nothing.</summary>
    public void OnTimeout(Timestamp now)
    {
        if (_initiateIsDue || _finishIsDue || now < NextDeadline)
        {
            return;
        }

        NextDeadline = Timestamp.Never;
        if (_isOver && _attempts == 0)
        {
            // The responder's first segment is awaited from when the Initiate would have been sent again.
            Wait(now, 3);
            _attempts++;
        }
        else if (_isOver)
        {
            // spec 2.5-5: perhaps the responder has forgotten this handshake; its bytes bring it back.
            _initiateIsDue = !_isConfirmed && _attempts < _options.MaxAttempts;
            _finishIsDue = _initiateIsDue && _finish is not null;
        }
        else if (_hint is not null && (_hintCount >= HintsNeeded || _attempts >= _options.MaxAttempts))
        {
            OnRefused(_hint); // spec 2.3-3: nothing better came in time.
        }
        else if (_attempts < _options.MaxAttempts)
        {
            _initiateIsDue = true;
        }
        else
        {
            End(new HandshakeFailure(
                LinkErrorCode.TimedOut,
                $"No answer to {_attempts} handshake datagrams: the peer is away, or holds another key than the one "
                    + "that is configured here.",
                _offered,
                [],
                isProven: false));
        }
    }

    /// <summary>Takes a datagram from the peer.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <returns>The handshake's finding about the datagram; at <see cref="HandshakeStatus.Established"/> and
    /// <see cref="HandshakeStatus.Refused"/> the outcome waits.</returns>
    public HandshakeStatus OnDatagram(ReadOnlySpan<byte> datagram)
    {
        HandshakeStatus status = datagram.IsEmpty ? HandshakeStatus.Ignored : datagram[0] switch
        {
            HandshakeDatagram.Respond => OnRespond(datagram),
            HandshakeDatagram.Refuse => OnRefuse(datagram),
            _ => HandshakeStatus.Ignored,
        };
        if (status == HandshakeStatus.Ignored)
        {
            RejectedCount++; // spec 2.4-1
        }

        return status;
    }

    /// <summary>Takes how the handshake ended, once; the caller disposes established keys.</summary>
    public bool TryTakeOutcome([NotNullWhen(true)] out HandshakeOutcome? outcome)
    {
        (outcome, _outcome) = (_outcome, null);
        return outcome is not null;
    }

    /// <summary>
    /// Whether another Respond came than the one that gave the keys, before a segment of the peer was opened: perhaps
    /// the responder was started anew, and knows nothing of them. True once for each transmission.
    /// </summary>
    public bool TryTakeOtherAnswer()
    {
        bool any = _hasOtherAnswer;
        _hasOtherAnswer = false;
        return any;
    }

    /// <summary>
    /// Tells that a segment of the peer was opened under the new keys: nothing of the handshake need be repeated any
    /// more.
    /// </summary>
    public void ConfirmPeer()
    {
        if (_isOver)
        {
            (_isConfirmed, _finish, _initiateIsDue, _finishIsDue, NextDeadline) = (true, null, false, false,
                Timestamp.Never);
        }
    }

    /// <summary>
    /// A new handshake whose answer alone is wanted: <see cref="EstablishedKeys.PeerKnowsSession"/> says whether the
    /// responder still has the session that this one led to. Its keys are not used.
    /// </summary>
    // spec 2.5-6
    public HandshakeInitiator CreateInquiry() =>
        new(_options with
        {
            LocalTag = _tag,
            Snapshots = [_options.Snapshots[_offer]],
            Resumption = null,
            PeerKey = _options.PeerKey ?? _peerKey,
        });

    /// <summary>Erases the secrets, and the keys of an outcome that was not taken.</summary>
    public void Dispose()
    {
        _handshake?.Dispose();
        Early?.Dispose();
        (_outcome as EstablishedKeys)?.Dispose();
        _outcome = null;
        (_isOver, _initiateIsDue, _finishIsDue, _finish, NextDeadline) = (true, false, false, null, Timestamp.Never);
    }

    private HandshakeStatus OnRespond(ReadOnlySpan<byte> datagram)
    {
        int payloadLength = HandshakeDatagram.RespondLength(_initiate[0]);
        if (datagram.Length != HandshakeDatagram.ReplyHeaderLength + payloadLength + _pattern.Overhead(1)
            || datagram[1] != _tag)
        {
            return HandshakeStatus.Ignored; // spec 2.1-1
        }

        if (_isOver && !datagram.SequenceEqual(_respond))
        {
            // Anyone can make such a datagram: it is a reason to ask, once a transmission, and no more than that.
            _hasOtherAnswer |= !_isConfirmed && _otherAnswerAt != TransmittedCount; // spec 2.5-7
            _otherAnswerAt = TransmittedCount;
            return HandshakeStatus.Ignored;
        }

        if (_isOver)
        {
            _finishIsDue |= _finish is not null; // spec 2.5-4: the responder repeats itself, so the Finish was lost.
            return _finish is null ? HandshakeStatus.Ignored : HandshakeStatus.Duplicate;
        }

        Span<byte> payload = stackalloc byte[HandshakeDatagram.RespondPayloadLength + 1];
        payload = payload[..payloadLength];
        if (!_handshake!.TryReadMessage(datagram[HandshakeDatagram.ReplyHeaderLength..], payload))
        {
            return HandshakeStatus.Ignored;
        }

        byte remoteTag = (byte)(payload[0] & SegmentHeader.MaxTag); // spec 2.1-2
        byte[]? finish = null;
        if (!_handshake.IsComplete)
        {
            finish = new byte[HandshakeDatagram.ReplyHeaderLength + _pattern.Overhead(2)];
            finish[0] = HandshakeDatagram.Finish;
            finish[1] = remoteTag;
            if (!_handshake.TryWriteMessage(default, finish.AsSpan(HandshakeDatagram.ReplyHeaderLength)))
            {
                return End(new HandshakeFailure(
                    LinkErrorCode.AuthenticationFailed, "The responder's ephemeral key is of low order.", _offered, [],
                    isProven: false));
            }
        }

        Timestamp deadline = _initiateIsDue ? Timestamp.Zero : NextDeadline;
        _peerKey = _handshake.RemoteStatic;
        bool known = (payload[0] & HandshakeDatagram.KnownSession) != 0;
        End(new EstablishedKeys(_handshake, _options.Snapshots[_offer], _offer, _tag, remoteTag, isConfirmed: true)
        {
            PeerKnowsSession = known,
            IsInitiator = true,
            TakesEarly = payloadLength > 1 && payload[1] == HandshakeDatagram.KnownSecret, // spec 2.8-6
        });
        (_finish, _finishIsDue, _attempts, NextDeadline) = (finish, finish is not null, 0, deadline);
        (_respond, _otherAnswerAt) = (datagram.ToArray(), TransmittedCount);
        return HandshakeStatus.Established;
    }

    private HandshakeStatus OnRefuse(ReadOnlySpan<byte> datagram)
    {
        if (_isOver || HandshakeRefusal.Read(_options, datagram, _initiate) is not HandshakeRefusal refusal)
        {
            return HandshakeStatus.Ignored;
        }

        if (refusal.IsProven)
        {
            return OnRefused(refusal);
        }

        return OnHint(refusal) ? HandshakeStatus.InProgress : HandshakeStatus.Ignored;
    }

    /// <summary>
    /// Anyone, or a damaged Initiate, may be behind a refusal without proof: it counts when it comes again. spec 2.3-3
    /// </summary>
    private bool OnHint(HandshakeRefusal refusal)
    {
        if (refusal.Code != LinkErrorCode.VersionMismatch && refusal.Holds.Contains(_offered[_offer]))
        {
            return false; // A peer that holds what was offered refuses something else.
        }

        bool same = _hint is not null && _hint.Code == refusal.Code && _hint.Holds.SequenceEqual(refusal.Holds);
        _hintCount = !same ? 1 : _hintCount + (_attempts == _hintAttempt ? 0 : 1);
        (_hint, _hintAttempt) = (refusal, _attempts);
        return true;
    }

    /// <summary>Tries the best offer that the responder holds and that was not tried, or gives up.</summary>
    private HandshakeStatus OnRefused(HandshakeRefusal refusal)
    {
        for (int i = 0; i < _offered.Length && refusal.Code != LinkErrorCode.VersionMismatch; i++)
        {
            if (!_tried[i] && refusal.Holds.Contains(_offered[i])) // spec 2.3-4
            {
                IsEarlyRefused = _initiate[0] == HandshakeDatagram.Resume;
                Begin(i);
                return HandshakeStatus.InProgress;
            }
        }

        return End(HandshakeFailure.Mismatch(refusal.Code, _offered, refusal.Holds, refusal.IsProven));
    }

    private static int HalvesAfter(int attempts) => attempts <= UsualAttempts
        ? Math.Min(attempts + 1, UsualWait)
        : Math.Min(attempts - UsualAttempts + UsualWait, LongestWait);

    private void Wait(Timestamp now, int halves) =>
        NextDeadline = now + TimeSpan.FromTicks(_options.RetransmitInterval.Ticks * halves / 2);

    private void Begin(int offer, ResumptionSecret? secret = null)
    {
        byte kind = secret is null ? HandshakeDatagram.Initiate : HandshakeDatagram.Resume;
        byte[] initiate = new byte[HandshakeDatagram.InitiateLength(_pattern, kind)];
        _tag = _options.NewTag();
        HandshakeDatagram.WriteInitiateHeader(initiate, kind, _options.Pattern, _tag, _offered[offer]);
        if (secret is not null)
        {
            HandshakeDatagram.WriteResumptionId(initiate, secret.Id);
        }

        HandshakeState handshake = _options.Begin(initiator: true, _options.Snapshots[offer], initiate);
        _handshake?.Dispose();
        _handshake = handshake;
        if (!handshake.TryWriteMessage(stackalloc byte[HandshakeDatagram.InitiatePayloadLength(_pattern)],
            initiate.AsSpan(HandshakeDatagram.HeaderLength(kind))))
        {
            throw new ArgumentException(
                $"{nameof(HandshakeOptions.PeerKey)} is of low order: no secret can be shared with it.", "options");
        }

        Early = secret is null ? null : new EarlyKeys(handshake, secret);
        _tried[offer] = true;
        (_initiate, _offer, _attempts, _initiateIsDue, NextDeadline) = (initiate, offer, 0, true, Timestamp.Never);
        (_hint, _hintCount, _hintAttempt) = (null, 0, 0);
    }

    private HandshakeStatus End(HandshakeOutcome outcome)
    {
        (_outcome, _isOver, _initiateIsDue, NextDeadline) = (outcome, true, false, Timestamp.Never);
        _handshake!.Dispose();
        return outcome is EstablishedKeys ? HandshakeStatus.Established : HandshakeStatus.Refused;
    }
}
