using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    // A report that says how many segments were computed may be lost; the next ones say it too.
    private const int RecoveredRepeats = 3;

    private readonly RepairMaker _repairMaker = new();
    private readonly RepairSolver _solver = new();
    private readonly RepairPolicy? _repairs;
    private Timestamp _quietFrom;
    private int _missing;
    private int _recoveredToTell;
    private (int Equations, int Unknown) _heldTold;
    private (int Equations, int Unknown) _heldByPeer;
    private long _recoveredUnseen;
    private Timestamp _recoveredAt;

    /// <summary>Whether segments are missing that a repair may still mend.</summary>
    public bool AwaitsRepairs => _statistics.RepairsReceived > 0 && _solver.MayMend;

    private ulong FirstUnderWay => _anyReported ? _largestReported + 1 : 0;

    // Segments that a repair reaches back at most.
    private int MaxReach => RepairLimits.ReachFor(MaxSymbol);

    private int MaxSymbol => MaxUnitSize + RepairLimits.SymbolHeader;

    // Bytes in front of a segment's frames that AGAINs may take.
    private int RoomBefore => _repairs is null ? 0 : RepairLimits.Overhead;

    private bool IsAnsweredForByReports => _options.HasReturnPath && _options.Delivery == UnitDelivery.Reliable;

    // The oldest segment that may be missing at the other end.
    private ulong FirstToRepair
    {
        get
        {
            ulong counter = _protector.NextCounter;
            return IsAnsweredForByReports ? _sent.Oldest
                : counter - Math.Min(counter, (ulong)_options.RepairReach);
        }
    }

    /// <summary>The instant at which a repair is due; <see cref="Timestamp.Never"/> where none is.</summary>
    private Timestamp RepairDueAt
    {
        get
        {
            if (_repairs is null || IsClosed || !_protector.CanSeal
                || (IsAnsweredForByReports && _sent.AnsweredFor == 0))
            {
                return Timestamp.Never;
            }

            ulong next = _protector.NextCounter;
            return _repairs.IsDue(next, FirstUnderWay, _missing, isQuiet: false) ? new Timestamp(long.MinValue)
                : !_window.HasNew && _repairs.IsDue(next, FirstUnderWay, _missing, isQuiet: true) ? QuietAt
                : Timestamp.Never;
        }
    }

    // Of the segments that reports have passed over, those that no repair under way will mend: there will be too few
    // equations for them, or too few are left when those under way have mended what else is under way.
    private int BeyondRepair(int missing, ulong oldest)
    {
        if (_repairs is null || missing == 0)
        {
            return missing;
        }

        int reaching = _repairs.UnderWayFor(oldest, MaxReach);
        int tooFew = missing - _heldByPeer.Equations - reaching;
        int spare = _repairs.ToSpare(_protector.NextCounter, FirstUnderWay, reaching);
        return Math.Max(tooFew, _heldByPeer.Unknown - _heldByPeer.Equations - spare);
    }

    // After the end nothing new comes.
    private Timestamp QuietAt => _endTotal is not null ? _quietFrom : _quietFrom + _repairs!.QuietTime;

    private bool TryTransmitRepair(Span<byte> destination, Timestamp now, out int length)
    {
        length = 0;
        ulong counter = _protector.NextCounter;
        if (_repairs is null || RepairDueAt > now) // A driver that ends asks for what would leave at any time.
        {
            return false;
        }

        if (!_repairMaker.TryMake(counter, FirstToRepair, MaxSymbol, out RepairFrame repair))
        {
            _repairs.OnNothingToRepair();
            return false;
        }

        FrameWriter writer = new(_plaintext);
        writer.TryWriteRepair(repair);
        _repairs.OnRepair(counter);
        _statistics.RepairsSent++;
        _bytes.Redundancy += writer.Written;
        SentRecord record = new()
        {
            Counter = counter, SentAt = now, Unit = -1, Content = SentContent.Repair, State = SentState.UnderWay,
        };
        return Send(_plaintext.AsSpan(0, writer.Written), destination, record, now, out length);
    }

    // A unit that is sent again says which segments held it alone, the first and the last, so that it solves the
    // equations that they enter. What is said stands in the room before the segment; the result is its length.
    private int WriteAgain((ulong? First, ulong? Last) alone, ulong counter)
    {
        Span<byte> said = stackalloc byte[RepairLimits.Overhead];
        FrameWriter writer = new(said);
        foreach (ulong? earlier in (ReadOnlySpan<ulong?>)[alone.First, alone.Last == alone.First ? null : alone.Last])
        {
            if (counter - earlier is { } distance and <= FrameLimits.MaxRepairReach)
            {
                writer.TryWriteAgain(distance);
            }
        }

        _repairs!.OnAgain(counter);
        said[..writer.Written].CopyTo(_plaintext.AsSpan(RoomBefore - writer.Written));
        return writer.Written;
    }

    // What left enters the repairs behind it; reports alone call for none.
    private void OnSource(in SentRecord record, ReadOnlySpan<byte> plaintext, Timestamp now)
    {
        if (_repairs is null)
        {
            return;
        }

        _repairMaker.Add(record.Counter, plaintext.ToArray());
        if (record.State == SentState.UnderWay)
        {
            _repairs.OnSegment();
            _quietFrom = now;
        }
    }

    private void OnRecoveredByPeer(ulong count, (int Equations, int Unknown) held, Timestamp now)
    {
        if (count > _protector.NextCounter)
        {
            OnMalformed(now, "More segments recovered than were sent."); // spec 15.5-2
        }
        else if ((long)count >= _statistics.RecoveredByPeer)
        {
            _heldByPeer = held;
            long more = (long)count - _statistics.RecoveredByPeer;
            _repairs?.Losses.OnLosses(more);
            (_recoveredUnseen, _recoveredAt) = (_recoveredUnseen + more, now);
            _statistics.RecoveredByPeer = (long)count;
        }
    }

    // A segment that was given up was reported after all: because it was repaired, if so many were lately.
    private bool IsRecovered(Timestamp now)
    {
        _recoveredUnseen = _recoveredAt + (2 * _roundTrip.LossDelay) > now ? _recoveredUnseen : 0;
        bool isRecovered = _recoveredUnseen > 0;
        _recoveredUnseen -= isRecovered ? 1 : 0;
        return isRecovered;
    }

    private void OnRepair(in RepairFrame repair, ulong counter, Timestamp now)
    {
        if ((ulong)repair.Reach > counter)
        {
            OnMalformed(now, "A repair of what was never sent."); // spec 15.2-1
            return;
        }

        _statistics.RepairsReceived++;
        _solver.OnRepair(counter, repair);
        _recoveredToTell = _solver.Held != _heldTold ? RecoveredRepeats : _recoveredToTell;
    }

    // The receiver knows this segment's plaintext, and by an AGAIN perhaps that of an earlier one.
    private void OnKnown(Segment segment, ReadOnlyMemory<byte> plaintext, ulong counter)
    {
        _solver.OnSegment(counter, plaintext[segment.AgainLength..]);
        foreach (Frame frame in segment.Frames)
        {
            if (frame.Type == FrameType.Again && frame.Value <= counter && segment.UnitLength > 0)
            {
                _solver.OnSegment(counter - frame.Value, plaintext[^segment.UnitLength..]); // spec 15.4-2
            }
        }
    }

    private void TakeRecovered(Timestamp now)
    {
        while (!IsClosed && _solver.TryTake(out ulong counter, out ReadOnlyMemory<byte> plaintext))
        {
            // spec 15.3-2: as if the segment had come.
            if (_protector.TryTakeAsOpened(counter))
            {
                _statistics.SegmentsRecovered++;
                _recoveredToTell = RecoveredRepeats;
                bool isReadable = Segment.TryRead(plaintext, out Segment segment);
                if (!isReadable || segment.Repair is not null || segment.AgainLength > 0)
                {
                    OnMalformed(now, "Unreadable repaired segment."); // spec 15.3-3
                }
                else
                {
                    Take(segment, counter, now);
                }
            }
        }

        if (_solver.IsBroken && !IsClosed)
        {
            OnMalformed(now, "A repair that repairs nothing."); // spec 15.3-3
        }
    }
}
