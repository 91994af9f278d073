using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session;

/// <summary>The side that asks for a session: sends the Initiate, repeats it until it is answered, tries another snapshot when refused.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/02-handshake.md. Owns no socket and no clock: after every call take what <see cref="TryTransmit"/> has, then
/// wait for a datagram or for <see cref="NextDeadline"/>.</para>
/// <para>Forged, damaged, stale and reflected datagrams change nothing but <see cref="RejectedCount"/>. Not thread-safe. Dispose erases
/// the secrets; the keys of the outcome belong to whoever took it.</para>
/// </remarks>
public sealed class HandshakeInitiator : IDisposable
{
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
    private bool _pending;
    private HandshakeRefusal? _hint;
    private HandshakeOutcome? _outcome;
    private bool _isOver;

    /// <summary>Makes the first Initiate.</summary>
    /// <param name="options">How; kept, so that its keys must live as long as this object.</param>
    /// <exception cref="ArgumentException">The options lack a key or contradict each other, or the peer's key is of low order.</exception>
    public HandshakeInitiator(HandshakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(initiator: true, oneWay: false);
        _options = options;
        _pattern = options.NoisePattern;
        _offered = [.. options.Snapshots.Select(s => s.ShortId)];
        _tried = new bool[_offered.Length];
        Begin(0);
    }

    /// <summary>When to call <see cref="OnTimeout"/>; <see cref="Timestamp.Never"/> while a datagram waits to be sent, and at the end.</summary>
    public Timestamp NextDeadline { get; private set; } = Timestamp.Never;

    /// <summary>How many datagrams were refused: forged, damaged, stale or not for this handshake.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>How many datagrams were handed out by <see cref="TryTransmit"/>.</summary>
    public int TransmittedCount { get; private set; }

    /// <summary>Writes the datagram that is due, if one is, and starts its timer.</summary>
    /// <returns>False when nothing is due.</returns>
    public bool TryTransmit(IBufferWriter<byte> writer, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (!_pending)
        {
            return false;
        }

        writer.Write(_finish ?? _initiate); // spec 2.5-1: the same bytes, so that the responder knows a repetition.
        _pending = false;
        _attempts++;
        TransmittedCount++;
        int halves = Math.Min(_attempts + 1, 4);
        NextDeadline = now + TimeSpan.FromTicks(_options.RetransmitInterval.Ticks * halves / 2);
        return true;
    }

    /// <summary>Tells the time when <see cref="NextDeadline"/> has come; earlier calls do nothing.</summary>
    public void OnTimeout(Timestamp now)
    {
        if (_pending || now < NextDeadline)
        {
            return;
        }

        NextDeadline = Timestamp.Never;
        if (_isOver)
        {
            _pending = _finish is not null && _attempts < _options.MaxAttempts;
        }
        else if (_hint is not null)
        {
            OnRefused(_hint); // spec 2.3-3: nothing better came in time.
        }
        else if (_attempts < _options.MaxAttempts)
        {
            _pending = true;
        }
        else
        {
            End(new HandshakeFailure(
                LinkErrorCode.TimedOut,
                $"No answer to {_attempts} handshake datagrams: the peer is away, or holds another key than the one that is configured here.",
                _offered,
                [],
                isProven: false));
        }
    }

    /// <summary>Takes a datagram from the peer.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <returns>What became of it; at <see cref="HandshakeStatus.Established"/> and <see cref="HandshakeStatus.Refused"/> the outcome waits.</returns>
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

    /// <summary>Tells that a segment of the peer was opened under the new keys: a Finish (pattern XX) need not be repeated any more.</summary>
    public void ConfirmPeer()
    {
        if (_isOver)
        {
            _finish = null;
            _pending = false;
            NextDeadline = Timestamp.Never;
        }
    }

    /// <summary>Erases the secrets, and the keys of an outcome that was not taken.</summary>
    public void Dispose()
    {
        _handshake?.Dispose();
        (_outcome as EstablishedKeys)?.Dispose();
        _outcome = null;
        (_isOver, _pending, _finish, NextDeadline) = (true, false, null, Timestamp.Never);
    }

    private HandshakeStatus OnRespond(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length != HandshakeDatagram.ReplyHeaderLength + HandshakeDatagram.RespondPayloadLength + _pattern.Overhead(1)
            || datagram[1] != _tag)
        {
            return HandshakeStatus.Ignored; // spec 2.1-1
        }

        if (_isOver)
        {
            _pending |= _finish is not null; // spec 2.5-4: the responder repeats itself, so the Finish was lost.
            return _finish is null ? HandshakeStatus.Ignored : HandshakeStatus.Duplicate;
        }

        Span<byte> payload = stackalloc byte[HandshakeDatagram.RespondPayloadLength];
        if (!_handshake!.TryReadMessage(datagram[HandshakeDatagram.ReplyHeaderLength..], payload))
        {
            return HandshakeStatus.Ignored;
        }

        byte remoteTag = payload[0]; // spec 2.1-2
        if (remoteTag > SegmentHeader.MaxTag)
        {
            return End(new HandshakeFailure(LinkErrorCode.Malformed, "The responder chose a tag above 127.", _offered, [], isProven: true));
        }

        byte[]? finish = null;
        if (!_handshake.IsComplete)
        {
            finish = new byte[HandshakeDatagram.ReplyHeaderLength + _pattern.Overhead(2)];
            finish[0] = HandshakeDatagram.Finish;
            finish[1] = remoteTag;
            if (!_handshake.TryWriteMessage(default, finish.AsSpan(HandshakeDatagram.ReplyHeaderLength)))
            {
                return End(new HandshakeFailure(
                    LinkErrorCode.AuthenticationFailed, "The responder's ephemeral key is of low order.", _offered, [], isProven: false));
            }
        }

        End(new EstablishedKeys(_handshake, _options.Snapshots[_offer], _offer, _tag, remoteTag, isConfirmed: true));
        (_finish, _pending, _attempts) = (finish, finish is not null, 0);
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

        _hint ??= refusal; // spec 2.3-3: anyone may have written it; the true answer has until the timer.
        return HandshakeStatus.InProgress;
    }

    /// <summary>Tries the best offer that the responder holds and that was not tried, or gives up.</summary>
    private HandshakeStatus OnRefused(HandshakeRefusal refusal)
    {
        for (int i = 0; i < _offered.Length && refusal.Code != LinkErrorCode.VersionMismatch; i++)
        {
            if (!_tried[i] && refusal.Holds.Contains(_offered[i])) // spec 2.3-4
            {
                Begin(i);
                return HandshakeStatus.InProgress;
            }
        }

        return End(HandshakeFailure.Mismatch(refusal.Code, _offered, refusal.Holds, refusal.IsProven));
    }

    private void Begin(int offer)
    {
        byte[] initiate = new byte[HandshakeDatagram.InitiateHeaderLength + _pattern.Overhead(0)];
        _tag = _options.NewTag();
        HandshakeDatagram.WriteInitiateHeader(initiate, HandshakeDatagram.Initiate, _options.Pattern, _tag, _offered[offer]);
        HandshakeState handshake = _options.Begin(initiator: true, _options.Snapshots[offer], initiate);
        _handshake?.Dispose();
        _handshake = handshake;
        if (!handshake.TryWriteMessage(default, initiate.AsSpan(HandshakeDatagram.InitiateHeaderLength)))
        {
            throw new ArgumentException($"{nameof(HandshakeOptions.PeerKey)} is of low order: no secret can be shared with it.", "options");
        }

        _tried[offer] = true;
        (_initiate, _offer, _attempts, _pending, _hint, NextDeadline) = (initiate, offer, 0, true, null, Timestamp.Never);
    }

    private HandshakeStatus End(HandshakeOutcome outcome)
    {
        (_outcome, _isOver, _pending, NextDeadline) = (outcome, true, false, Timestamp.Never);
        _handshake!.Dispose();
        return outcome is EstablishedKeys ? HandshakeStatus.Established : HandshakeStatus.Refused;
    }
}
