using System.Text;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    // What an event costs beside its payload: else a peer could fill memory with empty ones.
    private const int EventOverhead = 64;

    private ulong? _peerTotal;
    private ulong _newestControl; // One past the counter of the newest segment that held a CONTROL.
    private ulong _unitsFrom = ulong.MaxValue;

    /// <summary>Takes a datagram. Whatever its bytes are, it does not throw.</summary>
    /// <param name="datagram">The bytes; valid during the call.</param>
    /// <param name="now">The present.</param>
    public void OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _statistics.DatagramsReceived++;
        _statistics.BytesReceived += datagram.Length;
        byte[]? rented = datagram.Length > _opened.Length ? _pool.Rent(datagram.Length) : null;
        Span<byte> opened = rented ?? _opened;
        switch (_protector.TryOpen(datagram, opened, out int length, out ulong counter))
        {
            case OpenStatus.Forged:
                _statistics.Forged++; // spec 4.6-1
                Tell(LinkEventKind.DatagramForged, now, (ulong)datagram.Length);
                break;
            case OpenStatus.Replayed:
                _statistics.Replayed++; // spec 4.6-1
                Tell(LinkEventKind.DatagramReplayed, now, (ulong)datagram.Length);
                break;
            case OpenStatus.Opened when IsClosed:
                OnSegmentAfterClose(opened[..length], now);
                break;
            case OpenStatus.Opened:
                _lastHeard = now;
                OnSegment(opened[..length], counter, now);
                break;
        }

        if (rented is not null)
        {
            _pool.Return(rented, clearArray: true);
        }
    }

    private void OnSegment(ReadOnlySpan<byte> plaintext, ulong counter, Timestamp now)
    {
        // spec 4.1-1: all of it is read before any of it is believed.
        if (FrameReader.Validate(plaintext) != LinkErrorCode.None)
        {
            OnMalformed(now, "Unreadable frame.");
            return;
        }

        bool wantsReport = false;
        bool urgent = false;
        FrameReader reader = new(plaintext);
        int start = 0;
        while (!IsClosed && reader.TryRead(out Frame frame))
        {
            wantsReport |= frame.IsData || frame.Type is FrameType.Ping or FrameType.Control or FrameType.End;
            urgent |= frame.Type is FrameType.Ping or FrameType.End;
            bool fits = _queuedBytes < _options.ReceiveBufferBytes && !(frame.IsData && IsHeldBack(plaintext[start..]));
            if ((frame.IsData || frame.Type == FrameType.Control) && !fits)
            {
                // spec 4.6-2: not noted as opened, so the peer sends it again; by then there may be room.
                _statistics.Overflowed++;
                Tell(LinkEventKind.ReceiveBufferFull, now, counter);
                return;
            }

            if (frame.IsData)
            {
                OnUnit(plaintext[start..]);
                break; // The unit is all that is left.
            }

            OnOtherFrame(frame, counter, now);
            start = reader.Consumed;
        }

        if (IsClosed)
        {
            return;
        }

        bool gap = _history.Record(counter);
        if (wantsReport && _options.HasReturnPath)
        {
            _reports.OnArrival(now, gap, urgent);
        }
    }

    private void OnOtherFrame(in Frame frame, ulong counter, Timestamp now)
    {
        switch (frame.Type)
        {
            case FrameType.Report:
                OnReport(frame.Value, frame.Bytes, now);
                break;
            case FrameType.Close:
                OnPeerClose(frame.Value, frame.Bytes, now);
                break;
            case FrameType.Control when counter >= _newestControl: // spec 4.2-4
                _newestControl = counter + 1;
                Raise(new SessionEvent { Kind = SessionEventKind.ControlReceived, Payload = new PooledBytes(_pool, frame.Bytes) });
                break;
            case FrameType.End when _peerTotal is null:
                _peerTotal = frame.Value;
                Raise(new SessionEvent { Kind = SessionEventKind.PeerEnded, TotalMessages = frame.Value });
                break;
            case FrameType.End when _peerTotal != frame.Value:
                OnMalformed(now, "Two ENDs that differ."); // spec 4.7-2
                break;
        }
    }

    /// <summary>Units that begin at <paramref name="message"/> or after it find no room until this is called with a higher number: what was received before them
    /// waits for a gap to be filled, and only what fills it helps. Where nothing is sent again, nothing may be held back.</summary>
    public void HoldBackUnitsFrom(ulong message) => _unitsFrom = message;

    private bool IsHeldBack(ReadOnlySpan<byte> unit) =>
        _unitsFrom != ulong.MaxValue && UnitHistory.TryGetRange(unit, out UnitPosition start, out _, out _) && start.Message >= _unitsFrom;

    private void OnUnit(ReadOnlySpan<byte> unit)
    {
        UnitHistory.TryGetRange(unit, out UnitPosition start, out UnitPosition? end, out _);

        // spec 4.5-2: without a return path nothing is sent twice, and the replay window has seen to the rest.
        if (_options.HasReturnPath && !_unitHistory.TryAdd(start, end))
        {
            _statistics.UnitsDuplicate++;
            return;
        }

        _statistics.UnitsReceived++;
        Raise(new SessionEvent { Kind = SessionEventKind.UnitReceived, Payload = new PooledBytes(_pool, unit) });
    }

    private void OnMalformed(Timestamp now, string text)
    {
        _statistics.Malformed++;
        CloseWith(LinkErrorCode.Malformed, text, byPeer: false, tellPeer: true, now); // spec 4.1-1
    }

    private void OnPeerClose(ulong code, ReadOnlySpan<byte> text, Timestamp now)
    {
        // spec 9.1-2: a code from a later version still ends the session.
        LinkErrorCode known = code is > 0 and <= int.MaxValue && Enum.IsDefined((LinkErrorCode)code) ? (LinkErrorCode)code : LinkErrorCode.Canceled;
        CloseWith(known, Encoding.UTF8.GetString(text), byPeer: true, tellPeer: _options.HasReturnPath, now); // spec 4.7-4
    }
}
