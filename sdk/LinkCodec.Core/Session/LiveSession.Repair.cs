using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

internal sealed partial class LiveSession
{
    private const ulong MinReordering = 3;
    private const ulong MaxReordering = 256;
    private const int ProbesWithData = 2;
    private const int PatienceForRepairs = 2; // Times the delay after which a segment is given up without repairs.

    private ulong _reordering = MinReordering;
    private ulong _largestReported;
    private bool _anyReported;
    private Timestamp _lossAt = Timestamp.Never;
    private Timestamp _lastQuestionAt;
    private int _probesInARow;
    private bool _pingPending;

    /// <summary>The instant to call <see cref="OnTimeout"/> or <see cref="TryTransmit"/> at next at the latest;
    /// <see cref="Timestamp.Never"/> when only a datagram or a call can change anything.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            if (IsClosed)
            {
                return _close switch
                {
                    null => Timestamp.Never,
                    { IsPending: true } => _pacer.ReadyAt,
                    _ => _close.Deadline,
                };
            }

            if (IsSilent)
            {
                return IdleAt;
            }

            bool hasSomethingToSend =
                _pingPending || _control.IsPending || _end.IsPending || TryPeekUnit(out _, out _, out _);
            Timestamp send = hasSomethingToSend ? Timestamp.Min(_pacer.ReadyAt, _reports.DueAt) : _reports.DueAt;
            send = Timestamp.Min(send, RepairDueAt);
            Timestamp again = Timestamp.Min(_end.AgainAt, _control.AgainAt);
            Timestamp repair = Timestamp.Min(Timestamp.Min(_lossAt, ProbeAt), again);
            return Timestamp.Min(Timestamp.Max(send, _pacer.ReadyAt), Timestamp.Min(repair, IdleAt));
        }
    }

    private Timestamp IdleAt => _options.HasReturnPath ? _lastHeard + _options.IdleTimeout : Timestamp.Never;

    /// <summary>The instant at which silence calls for a probe: a time-out after the last question, a quarter longer
    /// with every probe in vain, to a bound.</summary>
    /// <remarks>With a quarter the first probe after an outage comes when a fifth more than the outage has passed, and
    /// ninety minutes cost some 560 probes.</remarks>
    private Timestamp ProbeAt
    {
        get
        {
            if (_sent.AnsweredFor == 0 && !IsHoldingBack)
            {
                return Timestamp.Never;
            }

            TimeSpan wait = _roundTrip.ProbeTimeout;
            TimeSpan longest = _roundTrip.MaxProbeTimeout;
            for (int i = 0; i < _probesInARow && wait < longest; i++)
            {
                wait += wait / 4;
            }

            // spec 4.5-6
            return _lastQuestionAt + (wait < longest ? wait : longest);
        }
    }

    /// <summary>Does what is due at <paramref name="now"/>; nothing when nothing is.</summary>
    public void OnTimeout(Timestamp now)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsClosed)
        {
            _close?.OnTimeout(now);
            return;
        }

        if (IdleAt <= now)
        {
            CloseWith(LinkErrorCode.TimedOut, "Nothing was heard from the peer.", byPeer: false, tellPeer: false, now);
            return;
        }

        if (IsSilent)
        {
            return;
        }

        if (_lossAt <= now)
        {
            DetectLosses(now);
        }

        _end.OnTimeout(now);
        _control.OnTimeout(now);
        if (ProbeAt <= now)
        {
            Probe(now);
        }
    }

    // While probes go unanswered, no unit is sent a second time: in an outage of hours, the log of sent segments
    // forgets every unit again and again.
    private bool MayRepeat => _probesInARow <= ProbesWithData;

    private bool IsHoldingBack => !MayRepeat && _window.TryPeek(out _, out _, out bool isAgain) && isAgain;

    private bool TryPeekUnit(out long sequence, out ReadOnlySpan<byte> unit, out bool isRetransmission) =>
        _window.TryPeek(out sequence, out unit, out isRetransmission, MayRepeat);

    private void Probe(Timestamp now)
    {
        _probesInARow++;
        _statistics.ProbesSent++;
        _lastQuestionAt = now;
        _pingPending = true;
        if (_probesInARow > ProbesWithData)
        {
            return; // A dead path gets 22 bytes at a time, not units.
        }

        _window.TryRepeatOldest();
        _end.Repeat();
        _control.Repeat();
    }

    private void OnReport(ulong largest, ReadOnlySpan<byte> bitmap, Timestamp now)
    {
        _statistics.ReportsReceived++;
        if (largest >= _protector.NextCounter)
        {
            OnMalformed(now, "A report of what was never sent."); // spec 4.4-3
            return;
        }

        if (_sent.Holds(largest) && _sent[largest].State == SentState.UnderWay
            && (!_anyReported || largest > _largestReported))
        {
            _roundTrip.OnSample(now - _sent[largest].SentAt);
        }

        CountFates(largest, bitmap);
        _largestReported = _anyReported ? Math.Max(_largestReported, largest) : largest;
        _anyReported = true;
        _repairs?.OnReport(_largestReported);
        bool progress = OnReported(largest, now);
        for (int i = 0; i < 8 * bitmap.Length; i++)
        {
            if ((bitmap[i >> 3] >> (i & 7) & 1) != 0)
            {
                progress |= OnReported(largest - 1 - (ulong)i, now);
            }
        }

        _probesInARow = progress ? 0 : _probesInARow;
        DetectLosses(now);
    }

    /// <summary>The peer opened the segment; false when that was known.</summary>
    private bool OnReported(ulong counter, Timestamp now)
    {
        if (!_sent.Holds(counter) || _sent[counter].State == SentState.Reported)
        {
            return false;
        }

        ref SentRecord record = ref _sent[counter];
        if (record.State == SentState.Lost)
        {
            OnSpurious(record, now);
        }

        // It was late, or repaired: that is counted where the peer tells it.
        _repairs?.Losses.OnLosses(record.WasMissing ? -1 : 0);

        _sent.Settle(ref record, SentState.Reported);
        if ((record.Content & SentContent.Unit) != 0 && _window.TryFinish(record.Unit, out long id))
        {
            _statistics.UnitsAcknowledged++;
            Raise(new SessionEvent { Kind = SessionEventKind.UnitAcknowledged, UnitId = id });
        }

        if ((record.Content & SentContent.End) != 0)
        {
            _end.OnReported();
        }

        if (HoldsControl(record))
        {
            _control.OnReported();
        }

        return true;
    }

    private void OnSpurious(in SentRecord record, Timestamp now)
    {
        if (IsRecovered(now))
        {
            return;
        }

        _statistics.LossesSpurious++;

        // The path reorders more than was thought: wait for as much from now on.
        ulong distance = _largestReported > record.Counter ? _largestReported - record.Counter : 0;
        _reordering = Math.Clamp(distance + 1, _reordering, MaxReordering);
        _roundTrip.OnSpurious(now - record.SentAt);
    }

    // The loss estimate takes each counter as the first report that passes over it shows it.
    private void CountFates(ulong largest, ReadOnlySpan<byte> bitmap)
    {
        if (_repairs is null || largest < FirstUnderWay)
        {
            return;
        }

        _repairs.Losses.OnSegments((long)(largest - FirstUnderWay) + 1);
        long run = 0;
        for (ulong counter = FirstUnderWay; counter <= largest; counter++)
        {
            ulong bit = largest - 1 - counter;
            bool came = counter == largest
                || (bit < 8 * (ulong)bitmap.Length && (bitmap[(int)bit >> 3] >> ((int)bit & 7) & 1) != 0);
            if (came && run > 0 && _repairs.Losses.OnRun(run))
            {
                for (ulong missing = counter - (ulong)run; missing < counter; missing++)
                {
                    _sent[missing].WasMissing |= _sent.Holds(missing);
                }
            }

            run = came ? 0 : run + 1;
        }
    }

    /// <summary>Gives up what the reports have passed over: by count, or by time; and not what repairs that are under
    /// way may mend.</summary>
    private void DetectLosses(Timestamp now)
    {
        _lossAt = Timestamp.Never;
        TimeSpan delay = _roundTrip.LossDelay;
        int missing = CountMissing(delay, now, out ulong oldest);
        int beyondRepair = BeyondRepair(missing, oldest); // spec 15.5-3
        int outOfReach = 0;
        for (ulong counter = _sent.Oldest; _anyReported && counter < _largestReported; counter++)
        {
            ref SentRecord record = ref _sent[counter];
            if (record.State != SentState.UnderWay || record.Counter != counter)
            {
                continue;
            }

            // spec 4.5-1
            bool isOverdue = IsOverdue(record, delay, now);
            Timestamp last = record.SentAt + delay + (isOverdue ? PatienceForRepairs * delay : TimeSpan.Zero);
            if (isOverdue && (_repairs is null || !record.MustArrive || beyondRepair > 0 || last <= now))
            {
                beyondRepair -= record.MustArrive ? 1 : 0;
                missing -= record.MustArrive ? 1 : 0;
                OnLost(ref record);
            }
            else
            {
                _lossAt = Timestamp.Min(_lossAt, last);
                outOfReach += isOverdue && _protector.NextCounter - counter > (ulong)MaxReach ? 1 : 0;
            }
        }

        _missing = Math.Max(0, missing - outOfReach - _heldByPeer.Equations);
    }

    // What reports have passed over, and is not given up.
    private int CountMissing(TimeSpan delay, Timestamp now, out ulong oldest)
    {
        (int missing, oldest) = (0, 0);
        if (_repairs is null)
        {
            return missing;
        }

        for (ulong counter = _sent.Oldest; _anyReported && counter < _largestReported; counter++)
        {
            ref readonly SentRecord record = ref _sent[counter];
            if (record.Counter == counter && record.MustArrive && IsOverdue(record, delay, now))
            {
                oldest = missing == 0 ? counter : oldest;
                missing++;
            }
        }

        return missing;
    }

    // Reports have passed the segment over for so long that it will not come.
    private bool IsOverdue(in SentRecord record, TimeSpan delay, Timestamp now) =>
        record.State == SentState.UnderWay
        && (_largestReported - record.Counter >= _reordering || record.SentAt + delay <= now);

    private void OnLost(ref SentRecord record)
    {
        _statistics.SegmentsLost++;
        _sent.Settle(ref record, SentState.Lost);
        if ((record.Content & SentContent.Unit) != 0)
        {
            _window.OnLost(record.Unit, record.Counter);
        }

        if ((record.Content & SentContent.End) != 0)
        {
            _end.Repeat();
        }

        if (HoldsControl(record))
        {
            _control.Repeat();
        }
    }

    // Segments that held an earlier map may still be reported or given up: that says nothing of the present one.
    private bool HoldsControl(in SentRecord record) =>
        (record.Content & SentContent.Control) != 0 && record.Control == _controlNumber;
}
