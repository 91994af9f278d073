using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    private const int MaxLateReports = 4;
    private const int MaxReportLength = 2 + 8 + FrameLimits.MaxReportBitmap;

    /// <summary>Writes the next datagram; false when there is nothing to send, or not yet.</summary>
    /// <param name="destination">Room for at least as many bytes as the longest datagram has.</param>
    /// <param name="now">The present.</param>
    /// <param name="length">Bytes written, 0 when false.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than the longest
    /// datagram.</exception>
    public bool TryTransmit(Span<byte> destination, Timestamp now, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (destination.Length < _options.MaxDatagramSize)
        {
            throw new ArgumentException("Shorter than the longest datagram.", nameof(destination));
        }

        length = 0;
        if (now < _pacer.ReadyAt || !_protector.CanSeal || IsSilent)
        {
            return false;
        }

        _protector.OnTime(now);

        if (!IsClosed && TryTransmitRepair(destination, now, out length))
        {
            return true;
        }

        SentRecord record = new() { Counter = _protector.NextCounter, SentAt = now, Unit = -1 };
        if (IsClosed)
        {
            FrameWriter closing = new(_plaintext.AsSpan(0, MaxUnitSize));
            bool any = _close!.TryWrite(ref closing, now);
            _bytes.Control += closing.Written;
            return any && Send(_plaintext.AsSpan(0, closing.Written), destination, record, now, out length);
        }

        bool isNext = TryPeekUnit(out long sequence, out _, out bool isRetransmission);
        (ulong?, ulong?) alone = isNext && isRetransmission ? _window.AloneIn(sequence) : default;
        FrameWriter writer = new(_plaintext.AsSpan(RoomBefore, MaxUnitSize));
        WriteSegment(ref writer, ref record, now);
        if (writer.Written == 0)
        {
            return false;
        }

        OnSource(record, _plaintext.AsSpan(RoomBefore, writer.Written), now);
        bool isAgain = _repairs is not null && isRetransmission && record.Unit == sequence;
        int again = isAgain ? WriteAgain(alone, record.Counter) : 0;
        _bytes.Repair += again;
        return Send(_plaintext.AsSpan(RoomBefore - again, again + writer.Written), destination, record,
            now, out length);
    }

    private void WriteSegment(ref FrameWriter writer, ref SentRecord record, Timestamp now)
    {
        bool hasUnit = TryPeekUnit(out long sequence, out ReadOnlySpan<byte> unit, out bool isRetransmission);

        // Control goes before data where both don't fit: it is rare and short.
        if (hasUnit && _control.IsPending && unit.Length + _controlMap.Length + 3 > MaxUnitSize)
        {
            hasUnit = false;
        }

        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        int reportLength = 0;
        if (_reports.HasNews)
        {
            bitmap = bitmap[.._receivedCounters.WriteBitmap(bitmap, _reports.IsUrgent)];
            reportLength = 2 + VarInt.Length(_receivedCounters.Largest) + bitmap.Length
                + (_recoveredToTell > 0 ? 5 + VarInt.Length((ulong)_statistics.SegmentsRecovered) : 0);
        }

        // A due report does not wait for a shorter unit; one that is not due rides along where it fits.
        bool reportIsDue = _reports.DueAt <= now;
        bool bothFit = (hasUnit ? unit.Length : 0) + reportLength <= MaxUnitSize;
        hasUnit &= bothFit || !reportIsDue;
        unit = hasUnit ? unit : default;
        bool hasMore = hasUnit || _pingPending || _end.IsPending || _control.IsPending;
        if (reportLength > 0 && (reportIsDue || (hasMore && bothFit)))
        {
            WriteReport(ref writer, bitmap, unit.Length, now);
        }

        _bytes.Reports += writer.Written;
        int before = writer.Written;
        WriteQuestions(ref writer, ref record, unit.Length, hasUnit && !isRetransmission ? 1 : 0);
        _bytes.Control += writer.Written - before;
        before = writer.Written;
        WritePadding(ref writer, unit.Length);
        _bytes.Padding += writer.Written - before;
        if (!hasUnit)
        {
            return;
        }

        writer.TryWriteUnit(unit); // spec 4.3-3
        CountUnit(unit.Length, _window.PayloadOf(sequence), isRetransmission);
        _statistics.UnitsSent += isRetransmission ? 0 : 1;
        _statistics.UnitsRetransmitted += isRetransmission ? 1 : 0;
        _window.OnSent(sequence, record.Counter, isAlone: writer.Written == unit.Length);
        record.State = SentState.UnderWay;
        if (_options.HasReturnPath && _options.Delivery == UnitDelivery.Reliable)
        {
            record.Content |= SentContent.Unit;
            record.Unit = sequence;
        }
        else
        {
            _window.TryFinish(sequence, out _); // spec 4.5-4: the unit is sent once, and no state is kept.
        }
    }

    private void CountUnit(int length, int payload, bool isRetransmission)
    {
        if (isRetransmission)
        {
            _bytes.Repair += length;
            return;
        }

        _bytes.Code += payload;
        _bytes.Framing += length - payload;
    }

    private void WriteReport(ref FrameWriter writer, scoped ReadOnlySpan<byte> bitmap, int unitLength, Timestamp now)
    {
        if (_recoveredToTell > 0)
        {
            // It stands before the report, which names what was recovered.
            _heldTold = _solver.Held;
            _recoveredToTell--;
            writer.TryWriteRecovered((ulong)_statistics.SegmentsRecovered, _heldTold);
        }

        WriteOlderReports(ref writer, unitLength + MaxReportLength);

        // A very short datagram has no room for the whole bitmap, and says less.
        int room = writer.Room - 2 - VarInt.Length(_receivedCounters.Largest);
        writer.TryWriteReport(_receivedCounters.Largest, bitmap[..Math.Min(bitmap.Length, room)]);
        WriteLateReports(ref writer, unitLength);
        _receivedCounters.OnReported();
        _reports.OnReported(now);
        _statistics.ReportsSent++;
    }

    // spec 4.4-2: where segments come fast, one report looks not far enough back. What was sent first is told first.
    private void WriteOlderReports(ref FrameWriter writer, int reserved)
    {
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        for (int part = ReceivedCounters.MaxParts - 1; part > 0; part--)
        {
            if (writer.Room - reserved >= MaxReportLength
                && _receivedCounters.TryWriteOlder(bitmap, part, out ulong largest, out int length))
            {
                writer.TryWriteReport(largest, bitmap[..length]);
            }
        }
    }

    // spec 4.4-4: what was computed from repairs may lie further back than a report looks.
    private void WriteLateReports(ref FrameWriter writer, int unitLength)
    {
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        for (int i = 0; i < MaxLateReports && writer.Room - unitLength >= MaxReportLength; i++)
        {
            if (!_receivedCounters.TryWriteLate(bitmap, out ulong largest, out int length))
            {
                return;
            }

            writer.TryWriteReport(largest, bitmap[..length]);
        }
    }

    private void WriteQuestions(ref FrameWriter writer, ref SentRecord record, int unitLength, int newUnits)
    {
        if (_pingPending)
        {
            // A unit asks for a report too; it only has to wait a little longer for it.
            record.Content |= writer.Room > unitLength && writer.TryWritePing() ? SentContent.Ping : SentContent.None;
            _pingPending = false;
        }

        int room = writer.Room - unitLength;
        if (_control.IsPending && room >= _controlMap.Length + 3 && writer.TryWriteControl(_controlMap))
        {
            record.Content |= SentContent.Control;
            record.Control = _controlNumber;
            _control.OnSent(record.SentAt);
        }

        bool isLastUnit = _window.NewCount == newUnits;
        ulong total = _endTotal ?? 0;
        room = writer.Room - unitLength;
        if (_end.IsPending && isLastUnit && room > VarInt.Length(total) && writer.TryWriteEnd(total))
        {
            record.Content |= SentContent.End;
            _end.OnSent(record.SentAt);
        }

        record.State = record.Content == SentContent.None ? SentState.None : SentState.UnderWay;
    }

    private void WritePadding(ref FrameWriter writer, int unitLength)
    {
        int total = writer.Written + unitLength;
        if (_options.PaddingBucket > 1 && total > 0)
        {
            int padding = (_options.PaddingBucket - (total % _options.PaddingBucket)) % _options.PaddingBucket;
            writer.WritePadding(Math.Min(padding, writer.Room - unitLength));
        }
    }

    private bool Send(
        ReadOnlySpan<byte> plaintext, Span<byte> destination, in SentRecord record, Timestamp now, out int length)
    {
        length = _protector.Seal(plaintext, destination);
        _pacer.OnSent(length, now);
        _statistics.DatagramsSent++;
        _statistics.BytesSent += length;
        _statistics.BytesBilled += _options.Billing.Of(length);
        _bytes.Seal += length - plaintext.Length;
        _earlyBytesLeft -= IsEarly ? length : 0;
        if (!_options.HasReturnPath || IsClosed)
        {
            return true;
        }

        ref SentRecord displaced = ref _sent.MakeRoom(record.Counter);
        if (displaced.State == SentState.UnderWay)
        {
            OnLost(ref displaced); // The log forgets a segment that left so long ago.
        }

        _sent.Add(record);
        if (record.Content != SentContent.None)
        {
            _lastQuestionAt = now;
        }

        return true;
    }
}
