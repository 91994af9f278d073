using System.Buffers;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Pair;

namespace LinkCodec.Simulator.Runs;

/// <summary>A message that the receiving end gave out.</summary>
internal readonly record struct Delivery(ulong Number, Timestamp At, ReadOnlyMemory<byte> Content);

/// <summary>The receiving end: answers the handshake, decodes what comes and gives messages out, as the SDK's receiver does, in virtual time.</summary>
/// <remarks>In order; without a return path as they come, for there what is missing never comes.</remarks>
internal sealed class ReceiverEnd : IEndpoint, IDisposable
{
    private readonly LinkOptions _options;
    private readonly UnitDecoder _decoder;
    private readonly MessageAssembler _assembler;
    private readonly HandshakeResponder? _responder;
    private readonly OneWayReceiver? _oneWay;
    private readonly Queue<byte[]> _answers = new();
    private readonly ClosingLinger _linger;
    private LiveSession? _session;
    private ulong? _total;

    public ReceiverEnd(LinkOptions options, HandshakeOptions handshake, UnitDecoder decoder)
    {
        _options = options;
        _decoder = decoder;
        _assembler = new MessageAssembler(ordered: options.HasReturnPath);
        _linger = new ClosingLinger(options.OneWayDelay);
        _responder = options.HasReturnPath ? new HandshakeResponder(handshake) : null;
        _oneWay = options.HasReturnPath ? null : new OneWayReceiver(handshake);
    }

    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Frames that did not decode to what their check says, or broke the spec: never delivered.</summary>
    public int RefusedFrames { get; private set; }

    /// <summary>Payload of the frames that came for the first time, in bytes.</summary>
    public long PayloadBytes { get; private set; }

    public Timestamp NextDeadline => _session is null
        ? Timestamp.Never
        : Timestamp.Min(_session.NextDeadline, _session.IsClosed ? Timestamp.Never : _linger.DueAt);

    public void OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        bool isSegment = datagram.Length > 0 && datagram[0] >= 0x80;
        if (isSegment)
        {
            _session?.OnDatagram(datagram, now);
            TakeEvents(now);
            return;
        }

        if (Answer(datagram, now) is EstablishedKeys keys)
        {
            using (keys)
            {
                // One session at a time: the running one is not given up for a datagram that may be a replay.
                _session ??= new LiveSession(_options.ToSession(_options.HasReturnPath), keys, now);
            }
        }
    }

    public void OnTimeout(Timestamp now)
    {
        _session!.OnTimeout(now);
        if (!_session.IsClosed && _linger.DueAt <= now)
        {
            _session.Close(LinkErrorCode.Closed, now); // Nobody will send again what is missing.
        }

        TakeEvents(now);
    }

    public bool TryTransmit(Span<byte> destination, Timestamp now, out int length)
    {
        if (_answers.TryDequeue(out byte[]? answer))
        {
            answer.CopyTo(destination);
            length = answer.Length;
            return true;
        }

        length = 0;
        return _session is not null && _session.TryTransmit(destination, now, out length);
    }

    public void Dispose()
    {
        _responder?.Dispose();
        _session?.Dispose();
    }

    private HandshakeOutcome? Answer(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        HandshakeOutcome? outcome;
        if (_oneWay is not null)
        {
            _oneWay.OnDatagram(datagram, out outcome);
            return outcome;
        }

        ArrayBufferWriter<byte> reply = new(256);
        _responder!.OnDatagram(datagram, now, reply, out outcome);
        if (reply.WrittenCount > 0)
        {
            _answers.Enqueue(reply.WrittenSpan.ToArray());
        }

        return outcome;
    }

    private void TakeEvents(Timestamp now)
    {
        while (_session is not null && _session.TryTakeEvent(out SessionEvent e))
        {
            if (e.Kind == SessionEventKind.UnitReceived)
            {
                TakeUnit(e.Frames, now);
            }
            else if (e.Kind == SessionEventKind.PeerEnded)
            {
                _total = e.TotalMessages;
            }
        }

        if (_session is not null && _oneWay is null && _assembler.Completed == _total)
        {
            _session.Close(LinkErrorCode.Closed, now); // spec 4.7-5
        }
        else if (_session is not null && _oneWay is not null && _total is not null)
        {
            _linger.Update(_session.Statistics, now);
        }
    }

    private void TakeUnit(IReadOnlyList<DataFrame> unit, Timestamp now)
    {
        foreach (DecodedFrame frame in _decoder.Decode(unit))
        {
            PayloadBytes += frame.Frame.Payload.Length;
            LinkErrorCode code = frame.Error == LinkErrorCode.None ? _assembler.Add(frame) : frame.Error;
            if (code != LinkErrorCode.None)
            {
                Refuse(code, now);
            }
        }

        while (_assembler.TryTake(out ReceivedMessage message))
        {
            Deliveries.Add(new Delivery(message.Number, now, message.Content));
        }
    }

    private void Refuse(LinkErrorCode code, Timestamp now)
    {
        RefusedFrames++;
        _session!.Close(code, now);
    }
}
