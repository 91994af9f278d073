using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The sender's part of handshakes: asks for a session until it has one, repeats what may be lost, and asks later
/// whether the receiver still knows the session.
/// </summary>
internal sealed class SenderHandshake : IDisposable
{
    // Where datagrams can be lost, the opening one, which everything hangs on, goes out three times: its repetitions
    // are ignored.
    private const int OneWayOpenings = 3;

    private readonly ArrayBufferWriter<byte> _out = new(256);
    private readonly HandshakeInitiator? _initiator;
    private readonly Timestamp _giveUpAt;
    private readonly TimeSpan _timeout;
    private readonly byte[] _opening = [];
    private HandshakeInitiator? _inquiry;
    private EstablishedKeys? _keys;
    private readonly Billing _billing;
    private int _openings;

    public SenderHandshake(EndpointOptions options, Timestamp now)
    {
        (_timeout, _billing) = (options.HandshakeTimeout, options.Session.Billing);
        _giveUpAt = _timeout < TimeSpan.Zero ? Timestamp.Never : now + _timeout;
        if (options.HasReturnPath)
        {
            _initiator = new HandshakeInitiator(options.Handshake);
            return;
        }

        OneWaySender opening = OneWaySender.Start(options.Handshake);
        (_opening, _keys) = (opening.Datagram.ToArray(), opening.Keys);
        _openings = options.IsFile ? 1 : OneWayOpenings;
    }

    /// <summary>The reason why there is no session; null while there may be one.</summary>
    public HandshakeFailure? Failure { get; private set; }

    /// <summary>The keys of segments that leave before the receiver has answered; null where no session is
    /// resumed.</summary>
    public EarlyKeys? Early => _initiator?.Early;

    /// <summary>Whether the receiver has refused what those segments rest on.</summary>
    public bool IsEarlyRefused => _initiator?.IsEarlyRefused == true;

    /// <summary>Whether the receiver has proved that it does not know the session any more.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Bytes of handshake datagrams written.</summary>
    public long BytesSent { get; private set; }

    /// <summary>The bytes that the carrier charges those as.</summary>
    public long BytesBilled { get; private set; }

    /// <summary>Bytes of handshake datagrams taken.</summary>
    public long BytesReceived { get; private set; }

    public Timestamp NextDeadline => _openings > 0 ? Timestamp.Zero
        : _initiator is null || Failure is not null ? Timestamp.Never
        : IsOver ? _initiator.NextDeadline
        : Timestamp.Min(_initiator.NextDeadline, _giveUpAt);

    private bool IsOver { get; set; }

    /// <summary>The keys of the session, once; the caller disposes them.</summary>
    public EstablishedKeys? TakeKeys()
    {
        EstablishedKeys? keys = _openings > 0 ? null : _keys;
        _keys = keys is null ? _keys : null;
        IsOver |= keys is not null;
        return keys;
    }

    public void OnDatagram(ReadOnlySpan<byte> datagram)
    {
        if (_initiator is null || Failure is not null)
        {
            return;
        }

        BytesReceived += datagram.Length;
        if (_inquiry is not null && _inquiry.OnDatagram(datagram) != HandshakeStatus.Ignored)
        {
            TakeAnswer();
            return;
        }

        _initiator.OnDatagram(datagram);
        TakeOutcome();
        if (_initiator.TryTakeOtherAnswer())
        {
            Inquire(); // spec 2.5-7
        }
    }

    public void OnTimeout(Timestamp now)
    {
        _initiator?.OnTimeout(now);
        TakeOutcome();
        if (!IsOver && Failure is null && _initiator is not null && _giveUpAt <= now)
        {
            Failure = new HandshakeFailure(
                LinkErrorCode.TimedOut,
                $"The peer did not answer the handshake within {_timeout.TotalSeconds:0} s. "
                + "Is the receiver running, and are both public keys right?",
                [],
                [],
                isProven: false);
        }
    }

    /// <summary>Asks whether the receiver still knows the session: its segments stay unanswered.</summary>
    public void Inquire()
    {
        _inquiry?.Dispose();
        _inquiry = _initiator?.CreateInquiry();
    }

    /// <summary>Sends the first datagram once more: many others are lost if it was.</summary>
    public void Repeat() => _initiator?.Repeat();

    /// <summary>A segment of the receiver was opened: nothing of the handshake need be repeated.</summary>
    public void OnHeard() => _initiator?.ConfirmPeer();

    /// <summary>Writes a datagram that is due.</summary>
    /// <param name="destination">Gets the datagram.</param>
    /// <param name="now">The present.</param>
    /// <param name="length">Bytes of the datagram.</param>
    /// <param name="isOwn">Whether the datagram belongs to the session's own handshake, and is no inquiry.</param>
    public bool TryTransmit(Span<byte> destination, Timestamp now, out int length, out bool isOwn)
    {
        (length, isOwn) = (0, true);
        if (Failure is not null)
        {
            return false;
        }

        if (_openings > 0)
        {
            _openings--;
            _opening.CopyTo(destination);
            length = _opening.Length;
        }
        else if (_initiator is not null)
        {
            _out.Clear();
            isOwn = _initiator.TryTransmit(_out, now);
            bool any = isOwn || _inquiry?.TryTransmit(_out, now) == true;
            _out.WrittenSpan.CopyTo(destination);
            length = any ? _out.WrittenCount : 0;
        }

        BytesSent += length;
        BytesBilled += _billing.Of(length);
        return length > 0;
    }

    public void Dispose()
    {
        _initiator?.Dispose();
        _inquiry?.Dispose();
        _keys?.Dispose();
    }

    private void TakeAnswer()
    {
        if (_inquiry!.TryTakeOutcome(out HandshakeOutcome? answer))
        {
            using EstablishedKeys? keys = answer as EstablishedKeys;
            // spec 2.5-6
            IsForgotten |= keys is { PeerKnowsSession: false } || answer is HandshakeFailure { IsProven: true };
        }
    }

    private void TakeOutcome()
    {
        if (_initiator is not null && _initiator.TryTakeOutcome(out HandshakeOutcome? outcome))
        {
            (_keys, Failure) = (outcome as EstablishedKeys, outcome as HandshakeFailure);
        }
    }
}
