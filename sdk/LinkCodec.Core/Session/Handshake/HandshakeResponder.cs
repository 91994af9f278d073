using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using NSec.Cryptography;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>The side that is asked for sessions; one object answers any number of them.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/02-handshake.md. Keeps nothing for garbage. Of authentic Initiates it keeps the latest
/// <see cref="HandshakeOptions.Remembered"/> answers, to save work: one that was forgotten gets the same answer and the
/// same keys again, so that nobody can push out anything that matters. A session that begins ends this: call
/// <see cref="OnSessionBegun"/>.</para>
/// <para>A replayed Initiate gives keys that nobody else can use: see <see cref="EstablishedKeys.IsConfirmed"/>. Not
/// thread-safe. Cost: four Diffie-Hellman agreements for an Initiate at most.</para>
/// </remarks>
internal sealed class HandshakeResponder : IDisposable
{
    private readonly HandshakeOptions _options;
    private readonly NoisePattern _pattern;
    private readonly HandshakeReplies _replies;
    private readonly RefusalLimits _refusals;
    private readonly AnswerSecret? _secret;

    /// <summary>Makes a responder that answers with these options.</summary>
    /// <param name="options">The options of the handshake; kept, so that their keys must live as long as this
    /// object.</param>
    /// <exception cref="ArgumentException">The options lack a key or contradict each other.</exception>
    public HandshakeResponder(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: false, oneWay: false);
        _options = options;
        _pattern = options.NoisePattern;
        _replies = new HandshakeReplies(options.Remembered);
        _secret = options.DerivesAnswers ? new AnswerSecret(options.RandomSource) : null;
        _refusals = new RefusalLimits(options.RetransmitInterval,
            options.DerivesAnswers ? options.RandomSource.NextUInt64() : 0);
    }

    /// <summary>
    /// Tells whether this side is in a session whose initiator has a tag and, where that is known yet, a static key,
    /// for initiators that ask. Null: this side is in none.
    /// </summary>
    public Func<byte, PublicKey?, bool>? KnowsSession { get; set; }

    /// <summary>
    /// The number of datagrams that were refused without an answer: forged, damaged, stale or not for this handshake.
    /// </summary>
    public long RejectedCount { get; private set; }

    /// <summary>
    /// The number of refused datagrams that were handshakes all the same: under other keys, of another pattern, or for
    /// a link that cannot answer.
    /// </summary>
    public long MisfitCount { get; private set; }

    /// <summary>
    /// Takes a datagram and writes the answer, if there is one. An answer is never longer than what was sent for it.
    /// </summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="now">The time, which bounds how many answers go out.</param>
    /// <param name="reply">Gets one datagram to send back, or nothing.</param>
    /// <param name="outcome">At <see cref="HandshakeStatus.Established"/> the keys, which the caller disposes; at
    /// <see cref="HandshakeStatus.Refused"/> why, for a log: the Initiate was not authentic as far as this side can
    /// tell.</param>
    /// <param name="source">Names the address that the datagram came from, so that refusals are limited for each; null
    /// where there is none.</param>
    public HandshakeStatus OnDatagram(
        ReadOnlySpan<byte> datagram, Timestamp now, IBufferWriter<byte> reply, out HandshakeOutcome? outcome,
        ulong? source = null)
    {
        ArgumentNullException.ThrowIfNull(reply);
        outcome = null;
        HandshakeStatus status = datagram.IsEmpty ? HandshakeStatus.Ignored : datagram[0] switch
        {
            HandshakeDatagram.Initiate or HandshakeDatagram.Resume =>
                OnInitiate(datagram, now, reply, out outcome, source),
            HandshakeDatagram.Finish => OnFinish(datagram, out outcome),
            HandshakeDatagram.OneWay => Misfit(datagram),
            _ => HandshakeStatus.Ignored,
        };
        if (status == HandshakeStatus.Ignored)
        {
            RejectedCount++; // spec 2.4-1
        }

        return status;
    }

    /// <summary>
    /// Tells that a session has begun under keys of this handshake: their Initiate never gives them again.
    /// </summary>
    /// <param name="keys">The keys; null where they are not of this responder.</param>
    public void OnSessionBegun(EstablishedKeys? keys = null)
    {
        if (keys is { Early: not null, Reply: not null })
        {
            // spec 2.8-7: the session may have begun before its initiator was answered, which asks for its answer then.
            keys.Reply.IsHeld = true;
        }

        _secret?.Renew(); // spec 2.5-2
        if (_pattern.MessageCount == 3)
        {
            _replies.Clear(); // One that waits for its Finish may be a copy of the session's own handshake.
        }
    }

    /// <summary>Erases the secrets of the handshakes that wait.</summary>
    public void Dispose()
    {
        _replies.Clear();
        _secret?.Dispose();
    }

    private HandshakeStatus OnInitiate(
        ReadOnlySpan<byte> datagram, Timestamp now, IBufferWriter<byte> reply, out HandshakeOutcome? outcome,
        ulong? source)
    {
        outcome = null;
        if (datagram.Length > HandshakeDatagram.MaxLength
            || !HandshakeDatagram.TryReadInitiateHeader(
                datagram, datagram[0], out byte version, out HandshakePattern pattern, out byte tag,
                out SnapshotShortId id))
        {
            return HandshakeStatus.Ignored;
        }

        if (version != HandshakeDatagram.Version)
        {
            return Refuse(LinkErrorCode.VersionMismatch, datagram, id, now, reply, out outcome, source); // spec 2.3-1
        }

        bool fits = pattern == _options.Pattern
            && datagram.Length == HandshakeDatagram.InitiateLength(_pattern, datagram[0])
            && (datagram[0] == HandshakeDatagram.Initiate || HandshakeDatagram.MayResume(_pattern));
        if (!fits)
        {
            return Misfit(datagram); // spec 2.1-1
        }

        if (_replies.Find(datagram) is HandshakeReply known)
        {
            Repeat(known, now, reply);
            return HandshakeStatus.Duplicate;
        }

        bool holdsIt = false;
        bool holdsName = false;
        for (int i = 0; i < _options.Snapshots.Count; i++)
        {
            SnapshotOffer offer = _options.Snapshots[i];
            holdsName |= offer.ShortId.Name == id.Name;
            if (offer.ShortId == id) // spec 6.5-2
            {
                holdsIt = true;
                if (TryRespond(datagram, i, tag, now, reply, out outcome))
                {
                    return outcome is null ? HandshakeStatus.InProgress : HandshakeStatus.Established;
                }
            }
        }

        return holdsIt
            ? Misfit(datagram)
            : Refuse(holdsName ? LinkErrorCode.NumericsMismatch : LinkErrorCode.SnapshotMismatch, datagram, id, now,
                reply, out outcome, source);
    }

    private HandshakeStatus Misfit(ReadOnlySpan<byte> datagram)
    {
        MisfitCount += HandshakeDatagram.IsOpening(datagram) ? 1 : 0;
        return HandshakeStatus.Ignored;
    }

    private bool TryRespond(ReadOnlySpan<byte> initiate, int offer, byte remoteTag, Timestamp now,
        IBufferWriter<byte> writer, out HandshakeOutcome? outcome)
    {
        outcome = null;
        RandomSource random = _secret?.For(initiate, offer) ?? _options.RandomSource;
        using IDisposable? derived = random as IDisposable;
        HandshakeOptions options = _options with { RandomSource = random };
        HandshakeState handshake = options.Begin(initiator: false, _options.Snapshots[offer], initiate);
        Span<byte> zeros = stackalloc byte[HandshakeDatagram.InitiatePayloadLength(_pattern)];
        Span<byte> payload = stackalloc byte[HandshakeDatagram.RespondPayloadLength + 1];
        payload = payload[..HandshakeDatagram.RespondLength(initiate[0])];
        byte[] reply = new byte[HandshakeDatagram.ReplyHeaderLength + payload.Length + _pattern.Overhead(1)];
        byte localTag = options.NewTag();
        (reply[0], reply[1]) = (HandshakeDatagram.Respond, remoteTag);
        EarlyKeys? early = null;
        bool isAuthentic = handshake.TryReadMessage(initiate[HandshakeDatagram.HeaderLength(initiate[0])..], zeros)
            && _options.Accepts(handshake.RemoteStatic);
        if (isAuthentic)
        {
            early = FindEarly(initiate, handshake);
            localTag ^= early?.Tag == localTag ? (byte)1 : (byte)0; // spec 2.8-5
            payload[0] = (byte)(localTag | KnownSession(remoteTag, handshake.RemoteStatic)); // spec 2.1-2
            payload[^1] |= payload.Length > 1 && early is not null ? HandshakeDatagram.KnownSecret : (byte)0;
        }

        if (!isAuthentic || !handshake.TryWriteMessage(payload, reply.AsSpan(HandshakeDatagram.ReplyHeaderLength)))
        {
            // Forged, of a sender that is not among the known ones, or another snapshot with the same short id.
            early?.Dispose();
            handshake.Dispose();
            return false;
        }

        writer.Write(reply);
        HandshakeReply kept = new()
        {
            Datagram = reply,
            SentAt = now,
            Waiting = handshake.IsComplete ? null : handshake,
            Offer = offer,
            LocalTag = localTag,
            RemoteTag = remoteTag,
        };
        _replies.Add(initiate, kept);
        if (handshake.IsComplete)
        {
            ulong id = early is null ? 0 : HandshakeDatagram.ReadResumptionId(initiate);
            outcome = Establish(handshake, kept, isConfirmed: false, early, id);
            handshake.Dispose();
        }

        return true;
    }

    private byte KnownSession(byte remoteTag, PublicKey? peer) =>
        KnowsSession?.Invoke(remoteTag, peer) == true ? HandshakeDatagram.KnownSession : (byte)0; // spec 2.5-6

    /// <summary>
    /// Gives the same answer again, but not for every copy of the same moment: whoever replays an Initiate shall not
    /// fill a narrow link with answers.
    /// </summary>
    private void Repeat(HandshakeReply known, Timestamp now, IBufferWriter<byte> reply)
    {
        if (now - known.SentAt >= _options.RetransmitInterval / 2) // spec 2.5-2
        {
            known.SentAt = now;
            reply.Write(known.Datagram);
        }
    }

    private HandshakeStatus OnFinish(ReadOnlySpan<byte> datagram, out HandshakeOutcome? outcome)
    {
        outcome = null;
        if (_pattern.MessageCount < 3 || datagram.Length != HandshakeDatagram.ReplyHeaderLength + _pattern.Overhead(2))
        {
            return HandshakeStatus.Ignored;
        }

        foreach (HandshakeReply reply in _replies.All)
        {
            if (reply.LocalTag == datagram[1]
                && reply.Waiting!.TryReadMessage(datagram[HandshakeDatagram.ReplyHeaderLength..], default))
            {
                if (!_options.Accepts(reply.Waiting.RemoteStatic))
                {
                    _replies.Remove(reply);
                    return Misfit(datagram);
                }

                outcome = Establish(reply.Waiting, reply, isConfirmed: true);
                _replies.Remove(reply); // Should the keys be forgotten, Initiate and Finish give them once more.
                return HandshakeStatus.Established;
            }
        }

        return HandshakeStatus.Ignored;
    }

    private EstablishedKeys Establish(HandshakeState handshake, HandshakeReply reply, bool isConfirmed,
        EarlyKeys? early = null, ulong resumptionId = 0) =>
        new(handshake, _options.Snapshots[reply.Offer], reply.Offer, reply.LocalTag, reply.RemoteTag, isConfirmed)
        {
            Early = early,
            ResumptionId = resumptionId,
            Reply = reply,
        };

    // A secret of another initiator, or one that was used, is as good as none: the session begins with a round trip.
    private EarlyKeys? FindEarly(ReadOnlySpan<byte> initiate, HandshakeState handshake)
    {
        using ResumptionSecret? secret = initiate[0] == HandshakeDatagram.Resume
            ? _options.Resumptions?.Find(HandshakeDatagram.ReadResumptionId(initiate), handshake.RemoteStatic!)
            : null;
        return secret is null ? null : new EarlyKeys(handshake, secret);
    }

    private HandshakeStatus Refuse(
        LinkErrorCode code,
        ReadOnlySpan<byte> initiate,
        SnapshotShortId offered,
        Timestamp now,
        IBufferWriter<byte> reply,
        out HandshakeOutcome? outcome,
        ulong? source)
    {
        outcome = null;
        if (!_refusals.TryTake(source, initiate.Length, HandshakeRefusal.LengthFor(_options), now))
        {
            return HandshakeStatus.Ignored;
        }

        reply.Write(HandshakeRefusal.Write(_options, code, initiate[2], initiate));
        outcome = HandshakeFailure.Mismatch(code, [offered], [.. _options.Snapshots.Select(s => s.ShortId)],
            isProven: false);
        return HandshakeStatus.Refused;
    }
}
