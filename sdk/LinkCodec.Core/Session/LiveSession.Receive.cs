using System.Buffers;
using System.Text;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    // An event costs this much beside its bytes, a unit for each of its frames: else a peer could fill memory with
    // empty ones.
    private const int EventOverhead = 64;

    private ulong? _peerTotal;
    private ulong _unitsFrom = ulong.MaxValue;

    // The counter of the newest segment that held a CONTROL, plus one, is kept here.
    private ulong _nextControl;
    private bool _wasAsked;

    private bool HasRoom => _queuedBytes < _options.ReceiveBufferBytes;

    /// <summary>Takes a datagram. Whatever its bytes are, it does not throw.</summary>
    /// <param name="datagram">The bytes; valid during the call.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether the datagram came from the peer, and for the first time.</returns>
    public SegmentStatus OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _statistics.DatagramsReceived++;
        _statistics.BytesReceived += datagram.Length;
        byte[]? rented = datagram.Length > _opened.Length ? ArrayPool<byte>.Shared.Rent(datagram.Length) : null;
        byte[] opened = rented ?? _opened;
        SegmentStatus status = _protector.TryOpen(datagram, opened, out int length, out ulong counter);
        switch (status)
        {
            case SegmentStatus.Forged:
                _statistics.Forged++; // spec 4.6-1
                break;
            case SegmentStatus.Replayed:
                _statistics.Replayed++; // spec 4.6-1
                break;
            default:
                _protector.OnTime(now);
                OnPlaintext(opened.AsSpan(0, length).ToArray(), counter, now);
                break;
        }

        if (rented is not null)
        {
            // The array held plaintext, and the pool is everybody's.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }

        return status;
    }

    /// <summary>Units that begin at <paramref name="message"/> or after it find no room until this is called with a
    /// higher number: what was received before them waits for a gap to be filled, and only what fills it helps. Where
    /// nothing is sent again, nothing may be held back.</summary>
    public void HoldBackUnitsFrom(ulong message) => _unitsFrom = message;

    private void OnPlaintext(ReadOnlyMemory<byte> plaintext, ulong counter, Timestamp now)
    {
        // spec 4.1-1: all of it is read before any of it is believed.
        bool isReadable = Segment.TryRead(plaintext, out Segment segment);
        if (IsClosed)
        {
            _close?.OnSegment(isReadable && segment.Holds(FrameType.Close), now);
            return;
        }

        _lastHeard = now;
        if (!isReadable)
        {
            OnMalformed(now, "Unreadable frame.");
            return;
        }

        if (segment.Repair is { } repair)
        {
            OnRepair(repair, counter, now);
        }
        else
        {
            OnKnown(segment, plaintext, counter);
        }

        Take(segment, counter, now);
        TakeRecovered(now);
    }

    private void Take(Segment segment, ulong counter, Timestamp now)
    {
        if (IsClosed)
        {
            return;
        }

        if (!TryTake(segment, counter, now))
        {
            // spec 4.6-2: the segment is not noted as opened, so the peer sends it again; by then there may be room.
            _statistics.Overflowed++;
            return;
        }

        if (IsClosed)
        {
            return;
        }

        bool gap = _receivedCounters.Record(counter);
        if (segment.Asks && _options.HasReturnPath)
        {
            _reports.OnArrival(now, gap, segment.AsksAtOnce);
            _wasAsked |= segment.AsksAtOnce;
        }
    }

    // The result is false when there is no room for the rest of the segment.
    private bool TryTake(Segment segment, ulong counter, Timestamp now)
    {
        foreach (Frame frame in segment.Frames)
        {
            if (frame.Type == FrameType.Control && !HasRoom)
            {
                return false;
            }

            OnFrame(frame, counter, now);
            if (IsClosed)
            {
                return true;
            }
        }

        if (segment.Unit.Count == 0)
        {
            return true;
        }

        IReadOnlyList<DataFrame> unit = segment.Unit;
        DataFrame first = unit[0];
        if (first.IsShort)
        {
            if (!_numbers.TryComplete(counter, (byte)first.FirstMessage, out ulong number))
            {
                return false; // spec 4.3-7: if its unit did not come, it comes again, and says its number in full.
            }

            unit = [first with { FirstMessage = number, IsShort = false }];
        }

        if (!HasRoom || unit[0].FirstMessage >= _unitsFrom)
        {
            return false;
        }

        OnUnit(unit, segment.UnitLength, counter);
        return true;
    }

    private void OnFrame(in Frame frame, ulong counter, Timestamp now)
    {
        switch (frame.Type)
        {
            case FrameType.Report:
                OnReport(frame.Value, frame.Bytes.Span, now);
                break;
            case FrameType.Close:
                OnPeerClose(frame.Value, frame.Bytes.Span, now);
                break;
            case FrameType.Recovered:
                OnRecoveredByPeer(frame.Value, frame.Held, now);
                break;
            case FrameType.Control when counter >= _nextControl: // spec 4.2-4
                _nextControl = counter + 1;
                Raise(new SessionEvent
                {
                    Kind = SessionEventKind.ControlReceived,
                    Control = frame.Bytes.ToArray(),
                    Cost = frame.Bytes.Length + EventOverhead,
                });
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

    private void OnUnit(IReadOnlyList<DataFrame> unit, int length, ulong counter)
    {
        UnitRange range = UnitRange.Of(unit);
        _numbers.OnUnit(counter, unit[^1].FirstMessage + (ulong)unit[^1].Count);

        // spec 4.5-2: without a return path nothing is sent twice, and the replay window has seen to the rest.
        if (_options.HasReturnPath && !_receivedUnits.TryAdd(range.Start, range.End))
        {
            _statistics.UnitsDuplicate++;
            return;
        }

        _statistics.UnitsReceived++;
        Raise(new SessionEvent
        {
            Kind = SessionEventKind.UnitReceived,
            Frames = unit,
            Cost = length + (EventOverhead * unit.Count),
        });
    }

    private void OnMalformed(Timestamp now, string text)
    {
        _statistics.Malformed++;
        CloseWith(LinkErrorCode.Malformed, text, byPeer: false, tellPeer: true, now); // spec 4.1-1
    }

    private void OnPeerClose(ulong code, ReadOnlySpan<byte> text, Timestamp now)
    {
        // spec 9.1-2: a code from a later version still ends the session.
        bool isKnown = code is > 0 and <= int.MaxValue && Enum.IsDefined((LinkErrorCode)code);
        LinkErrorCode known = isKnown ? (LinkErrorCode)code : LinkErrorCode.Canceled;

        // spec 4.7-4
        CloseWith(known, Encoding.UTF8.GetString(text), byPeer: true, tellPeer: _options.HasReturnPath, now);
    }
}
