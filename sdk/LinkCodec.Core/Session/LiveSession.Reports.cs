using LinkCodec.Core.Primitives;
using LinkCodec.Core.Telemetry;

namespace LinkCodec.Core.Session;

public sealed partial class LiveSession
{
    private const ulong MinReordering = 3;
    private const ulong MaxReordering = 256;

    private ulong _reordering = MinReordering;
    private ulong _largestReported;
    private bool _anyReported;
    private Timestamp _lossAt = Timestamp.Never;

    private void OnReport(ulong largest, ReadOnlySpan<byte> bitmap, Timestamp now)
    {
        _statistics.ReportsReceived++;
        Tell(LinkEventKind.ReportReceived, now, largest);
        if (largest >= _protector.NextCounter)
        {
            OnMalformed(now, "A report of what was never sent."); // spec 4.4-3
            return;
        }

        if (_sent.Holds(largest) && _sent[largest].State == SentState.UnderWay)
        {
            _roundTrip.OnSample(now - _sent[largest].SentAt);
        }

        _largestReported = _anyReported ? Math.Max(_largestReported, largest) : largest;
        _anyReported = true;
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

        _sent.Settle(ref record, SentState.Reported);
        if ((record.Content & SentContent.Unit) != 0 && _window.TryFinish(record.Unit, out long id))
        {
            _statistics.UnitsAcknowledged++;
            Raise(new SessionEvent { Kind = SessionEventKind.UnitAcknowledged, UnitId = id });
        }

        if ((record.Content & SentContent.End) != 0)
        {
            _endState = EndState.Done;
        }

        if ((record.Content & SentContent.Control) != 0 && record.Control == _controlNumber)
        {
            _controlState = ControlState.None;
        }

        return true;
    }

    private void OnSpurious(in SentRecord record, Timestamp now)
    {
        _statistics.LossesSpurious++;
        Tell(LinkEventKind.LossWasSpurious, now, record.Counter);

        // The path reorders more than was thought: wait for as much from now on.
        ulong distance = _largestReported > record.Counter ? _largestReported - record.Counter : 0;
        _reordering = Math.Clamp(distance + 1, _reordering, MaxReordering);
        _roundTrip.OnSpurious(now - record.SentAt);
    }

    /// <summary>Gives up what the reports have passed over: by count, or by time.</summary>
    private void DetectLosses(Timestamp now)
    {
        _lossAt = Timestamp.Never;
        TimeSpan delay = _roundTrip.LossDelay;
        for (ulong counter = _sent.Oldest; _anyReported && counter < _largestReported; counter++)
        {
            ref SentRecord record = ref _sent[counter];
            if (record.State != SentState.UnderWay || record.Counter != counter)
            {
                continue;
            }

            // spec 4.5-1
            Timestamp expected = record.SentAt + delay;
            if (_largestReported - counter >= _reordering || expected <= now)
            {
                OnLost(ref record, now);
            }
            else
            {
                _lossAt = Timestamp.Min(_lossAt, expected);
            }
        }
    }

    private void OnLost(ref SentRecord record, Timestamp now)
    {
        _statistics.SegmentsLost++;
        Tell(LinkEventKind.SegmentLost, now, record.Counter);
        _sent.Settle(ref record, SentState.Lost);
        if ((record.Content & SentContent.Unit) != 0)
        {
            _window.OnLost(record.Unit, record.Counter);
        }

        if ((record.Content & SentContent.End) != 0 && _endState == EndState.UnderWay)
        {
            _endState = EndState.Pending;
        }

        if ((record.Content & SentContent.Control) != 0 && record.Control == _controlNumber && _controlState == ControlState.UnderWay)
        {
            _controlState = ControlState.Pending;
        }
    }
}
