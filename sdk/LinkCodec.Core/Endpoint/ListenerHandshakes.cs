using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The listener's part of handshakes: answers them, and keeps the keys that they give until a segment proves them.
/// </summary>
internal sealed class ListenerHandshakes : IDisposable
{
    private const int LeastCandidates = 128;
    private const int OneWayCandidates = 512; // A one-way sender may say nothing for long after its opening.

    private readonly EndpointOptions _options;
    private readonly HandshakeResponder? _responder;
    private readonly OneWayReceiver? _oneWay;
    private readonly SessionCandidates _candidates;
    private readonly ListenerNotices _notices;
    private readonly Queue<(byte[] Datagram, PathAddress To)> _answers = new();
    private readonly ArrayBufferWriter<byte> _out = new(256);
    private long _misfits;

    public ListenerHandshakes(EndpointOptions options, ListenerNotices notices,
        Func<byte, NSec.Cryptography.PublicKey?, bool> knowsSession)
    {
        (_options, _notices) = (options, notices);
        HandshakeOptions handshake = options.Handshake with
        {
            Remembered = Math.Max(LeastCandidates, 4 * options.MaxSessions),
        };
        _responder = options.HasReturnPath ? new HandshakeResponder(handshake) { KnowsSession = knowsSession } : null;
        _oneWay = options.HasReturnPath ? null : new OneWayReceiver(options.Handshake);
        _candidates = new SessionCandidates(options.HasReturnPath ? handshake.Remembered : OneWayCandidates);
    }

    /// <summary>Bytes of handshake datagrams written.</summary>
    public long BytesSent { get; private set; }

    /// <summary>The bytes that the carrier charges those as.</summary>
    public long BytesBilled { get; private set; }

    /// <summary>Bytes of handshake datagrams taken.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Whether an answer waits to leave.</summary>
    public bool HasAnswers => _answers.Count > 0;

    /// <summary>Takes a datagram that is no segment.</summary>
    /// <returns>Keys that count at once, which the caller disposes: of a file, into which nobody mixes recordings. Null
    /// otherwise.</returns>
    public EstablishedKeys? OnDatagram(ReadOnlySpan<byte> datagram, PathAddress from, Timestamp now)
    {
        _out.Clear();
        HandshakeOutcome? outcome;
        if (_responder is not null)
        {
            _responder.OnDatagram(datagram, now, _out, out outcome, from.Machine);
            BytesReceived += datagram.Length;
        }
        else
        {
            _oneWay!.OnDatagram(datagram, out outcome);
            BytesReceived += outcome is null ? 0 : datagram.Length;
        }

        Tell(outcome, now);
        if (_out.WrittenCount > 0)
        {
            Answer(_out.WrittenSpan.ToArray(), from);
            BytesSent += _out.WrittenCount;
            BytesBilled += _options.Session.Billing.Of(_out.WrittenCount);
        }

        EstablishedKeys? keys = outcome as EstablishedKeys;
        if (keys is not null && !_options.IsFile)
        {
            _candidates.Add(keys);
        }

        return _options.IsFile ? keys : null;
    }

    /// <summary>
    /// The keys that a segment is the first proof of; the caller disposes them. Null where it proves none.
    /// </summary>
    public EstablishedKeys? Prove(ReadOnlySpan<byte> segment)
    {
        if (_options.Handshake.Resumptions is { } resumptions)
        {
            _candidates.DropEarly(id => !resumptions.Holds(id)); // spec 2.8-7
        }

        return _candidates.TryTake(segment, out EstablishedKeys? keys) ? keys : null; // spec 2.5-3, 2.6-2
    }

    /// <summary>
    /// A session has begun: from now on a copy of its Initiate gives other keys, and the secret that it is resumed by
    /// is spent: early segments of others that are resumed by it are opened no more.
    /// </summary>
    public void OnSessionBegun(EstablishedKeys keys)
    {
        _responder?.OnSessionBegun(keys);
        if (keys.Early is not null)
        {
            _options.Handshake.Resumptions!.Spend(keys.ResumptionId); // spec 2.8-7
        }
    }

    /// <summary>
    /// Sends a datagram to whoever sent something, without taking it for a peer: an address alone proves nothing.
    /// </summary>
    public void Answer(byte[] datagram, PathAddress to)
    {
        if (to.Name is not null || _options.IsFile)
        {
            _answers.Enqueue((datagram, to));
        }
    }

    public bool TryTransmit(Span<byte> destination, out Transmission transmission)
    {
        bool any = _answers.TryDequeue(out (byte[] Datagram, PathAddress To) answer);
        answer.Datagram?.CopyTo(destination);
        transmission = new Transmission(answer.Datagram?.Length ?? 0, answer.To);
        return any;
    }

    public void Dispose()
    {
        _candidates.Dispose();
        _responder?.Dispose();
    }

    private void Tell(HandshakeOutcome? outcome, Timestamp now)
    {
        if (outcome is HandshakeFailure failure)
        {
            _notices.Add(ListenerNoticeKind.Refused, now, failure);
        }

        long misfits = _responder?.MisfitCount ?? _oneWay!.MisfitCount;
        if (misfits != _misfits)
        {
            _misfits = misfits;
            _notices.Add(ListenerNoticeKind.Misfit, now);
        }
    }
}
