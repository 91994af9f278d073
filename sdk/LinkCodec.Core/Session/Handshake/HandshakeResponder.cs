using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session;

/// <summary>The side that is asked for sessions; one object answers any number of them.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/02-handshake.md. Keeps nothing for garbage: only authentic Initiates leave something behind, the answers to
/// the latest 64, and in pattern XX the latest 16 handshakes that wait for their third datagram.</para>
/// <para>A replayed Initiate gets its old answer or, when that is forgotten, keys that nobody else can use: see
/// <see cref="EstablishedKeys.IsConfirmed"/>. Not thread-safe. Cost: four Diffie-Hellman agreements for an Initiate at most.</para>
/// </remarks>
public sealed class HandshakeResponder : IDisposable
{
    private const int MaxWaiting = 16;
    private const int RememberedReplies = 64;
    private const int RefusalBurst = 8;

    private readonly HandshakeOptions _options;
    private readonly NoisePattern _pattern;
    private readonly HandshakeReplies _replies = new(RememberedReplies);
    private readonly List<Waiting> _waiting = [];
    private int _refusalsLeft = RefusalBurst;
    private Timestamp _refusalsCountedAt = Timestamp.Zero;

    /// <summary>Answers with these options.</summary>
    /// <param name="options">How; kept, so that its keys must live as long as this object.</param>
    /// <exception cref="ArgumentException">The options lack a key or contradict each other.</exception>
    public HandshakeResponder(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: false, oneWay: false);
        _options = options;
        _pattern = options.NoisePattern;
    }

    private readonly record struct Waiting(HandshakeState Handshake, int Offer, byte LocalTag, byte RemoteTag);

    /// <summary>How many datagrams were refused without an answer: forged, damaged, stale or not for this handshake.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>Takes a datagram and writes the answer, if there is one.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="now">The time, which bounds how many refusals go out.</param>
    /// <param name="reply">Gets one datagram to send back, or nothing.</param>
    /// <param name="outcome">At <see cref="HandshakeStatus.Established"/> the keys, which the caller disposes; at
    /// <see cref="HandshakeStatus.Refused"/> why, for a log: the Initiate was not authentic as far as this side can tell.</param>
    public HandshakeStatus OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now, IBufferWriter<byte> reply, out HandshakeOutcome? outcome)
    {
        ArgumentNullException.ThrowIfNull(reply);
        outcome = null;
        HandshakeStatus status = datagram.IsEmpty ? HandshakeStatus.Ignored : datagram[0] switch
        {
            HandshakeDatagram.Initiate => OnInitiate(datagram, now, reply, out outcome),
            HandshakeDatagram.Finish => OnFinish(datagram, out outcome),
            _ => HandshakeStatus.Ignored,
        };
        if (status == HandshakeStatus.Ignored)
        {
            RejectedCount++; // spec 2.4-1
        }

        return status;
    }

    /// <summary>Erases the secrets of the handshakes that wait.</summary>
    public void Dispose()
    {
        foreach (Waiting waiting in _waiting)
        {
            waiting.Handshake.Dispose();
        }

        _waiting.Clear();
    }

    private HandshakeStatus OnInitiate(ReadOnlySpan<byte> datagram, Timestamp now, IBufferWriter<byte> reply, out HandshakeOutcome? outcome)
    {
        outcome = null;
        if (datagram.Length > HandshakeDatagram.MaxLength
            || !HandshakeDatagram.TryReadInitiateHeader(
                datagram, HandshakeDatagram.Initiate, out byte version, out HandshakePattern pattern, out byte tag, out SnapshotShortId id))
        {
            return HandshakeStatus.Ignored;
        }

        if (version != HandshakeDatagram.Version)
        {
            return Refuse(LinkErrorCode.VersionMismatch, datagram, tag, id, now, reply, out outcome); // spec 2.3-1
        }

        if (pattern != _options.Pattern || datagram.Length != HandshakeDatagram.InitiateHeaderLength + _pattern.Overhead(0))
        {
            return HandshakeStatus.Ignored; // spec 2.1-1
        }

        if (_replies.TryFind(datagram, out ReadOnlySpan<byte> known)) // spec 2.5-2
        {
            reply.Write(known);
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
                HandshakeState handshake = _options.Begin(initiator: false, offer, datagram);
                if (handshake.TryReadMessage(datagram[HandshakeDatagram.InitiateHeaderLength..], default)
                    && TryRespond(datagram, handshake, i, tag, reply, out outcome))
                {
                    return outcome is null ? HandshakeStatus.InProgress : HandshakeStatus.Established;
                }

                handshake.Dispose(); // Forged, or another snapshot with the same short id.
            }
        }

        return holdsIt
            ? HandshakeStatus.Ignored
            : Refuse(holdsName ? LinkErrorCode.NumericsMismatch : LinkErrorCode.SnapshotMismatch, datagram, tag, id, now, reply, out outcome);
    }

    private bool TryRespond(
        ReadOnlySpan<byte> initiate, HandshakeState handshake, int offer, byte remoteTag, IBufferWriter<byte> writer, out HandshakeOutcome? outcome)
    {
        outcome = null;
        byte localTag = NewTag();
        byte[] reply = new byte[HandshakeDatagram.ReplyHeaderLength + HandshakeDatagram.RespondPayloadLength + _pattern.Overhead(1)];
        reply[0] = HandshakeDatagram.Respond;
        reply[1] = remoteTag;
        if (!handshake.TryWriteMessage([localTag], reply.AsSpan(HandshakeDatagram.ReplyHeaderLength))) // spec 2.1-2
        {
            return false;
        }

        _replies.Add(initiate, reply);
        writer.Write(reply);
        Waiting waiting = new(handshake, offer, localTag, remoteTag);
        if (handshake.IsComplete)
        {
            outcome = Establish(waiting, isConfirmed: false);
            return true;
        }

        if (_waiting.Count == MaxWaiting)
        {
            _waiting[0].Handshake.Dispose();
            _waiting.RemoveAt(0);
        }

        _waiting.Add(waiting);
        return true;
    }

    private HandshakeStatus OnFinish(ReadOnlySpan<byte> datagram, out HandshakeOutcome? outcome)
    {
        outcome = null;
        if (_pattern.MessageCount < 3 || datagram.Length != HandshakeDatagram.ReplyHeaderLength + _pattern.Overhead(2))
        {
            return HandshakeStatus.Ignored;
        }

        for (int i = 0; i < _waiting.Count; i++)
        {
            Waiting waiting = _waiting[i];
            if (waiting.LocalTag == datagram[1]
                && waiting.Handshake.TryReadMessage(datagram[HandshakeDatagram.ReplyHeaderLength..], default))
            {
                _waiting.RemoveAt(i);
                outcome = Establish(waiting, isConfirmed: true);
                return HandshakeStatus.Established;
            }
        }

        return HandshakeStatus.Ignored;
    }

    private EstablishedKeys Establish(Waiting waiting, bool isConfirmed)
    {
        EstablishedKeys keys = new(
            waiting.Handshake, _options.Snapshots[waiting.Offer], waiting.Offer, waiting.LocalTag, waiting.RemoteTag, isConfirmed);
        waiting.Handshake.Dispose();
        return keys;
    }

    private byte NewTag()
    {
        byte tag = _options.NewTag();
        for (int i = 0; i < SegmentHeader.MaxTag && _options.LocalTag is null && _waiting.Any(w => w.LocalTag == tag); i++)
        {
            tag = (byte)((tag + 1) & SegmentHeader.MaxTag);
        }

        return tag;
    }

    private HandshakeStatus Refuse(
        LinkErrorCode code,
        ReadOnlySpan<byte> initiate,
        byte tag,
        SnapshotShortId offered,
        Timestamp now,
        IBufferWriter<byte> reply,
        out HandshakeOutcome? outcome)
    {
        outcome = null;
        if (!TakeRefusal(now)) // spec 2.3-5
        {
            return HandshakeStatus.Ignored;
        }

        reply.Write(HandshakeRefusal.Write(_options, code, tag, initiate));
        outcome = HandshakeFailure.Mismatch(code, [offered], [.. _options.Snapshots.Select(s => s.ShortId)], isProven: false);
        return HandshakeStatus.Refused;
    }

    private bool TakeRefusal(Timestamp now)
    {
        long earned = Math.Max(0, (now - _refusalsCountedAt).Ticks / _options.RetransmitInterval.Ticks);
        if (earned > 0 || _refusalsLeft == RefusalBurst)
        {
            _refusalsLeft = (int)Math.Min(RefusalBurst, _refusalsLeft + earned);
            _refusalsCountedAt = now;
        }

        return _refusalsLeft > 0 && _refusalsLeft-- > 0;
    }
}
