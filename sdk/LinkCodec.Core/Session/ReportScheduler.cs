using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>Decides when a report is due (protocol-spec/04-frames.md, section 4.4): soon after a pause, a gap or a
/// question, else once in many segments.</summary>
internal sealed class ReportScheduler(SessionOptions options)
{
    private const int SegmentsPerReport = 16;
    private const int MaxSegmentsPerReport = 128;

    // With the arrival that showed the gap these are the three that the sender waits for.
    private const int ArrivalsAfterGap = 2;
    private const int MinArrivalsBetweenGapReports = 4;

    private readonly TimeSpan _spacing = options.OneWayDelay / 8;
    private Timestamp _lastReportAt = new(long.MinValue);
    private Timestamp _lastArrivalAt;
    private int _pending;
    private int _sinceGap = -1;

    /// <summary>Whether the peer asked, so that the report should say all it can.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>Whether something arrived that no report has named yet.</summary>
    public bool HasNews => _pending > 0;

    /// <summary>The instant at which a report is due; <see cref="Timestamp.Never"/> without news.</summary>
    public Timestamp DueAt
    {
        get
        {
            if (_pending == 0)
            {
                return Timestamp.Never;
            }

            if (IsUrgent || _pending >= MaxSegmentsPerReport) // spec 4.4-1
            {
                return _lastArrivalAt;
            }

            Timestamp quiet = _lastArrivalAt + options.ReportDelay;
            bool gapSettled = _sinceGap >= ArrivalsAfterGap && _pending >= MinArrivalsBetweenGapReports;
            return _pending >= SegmentsPerReport || gapSettled
                ? Timestamp.Min(quiet, Timestamp.Max(_lastArrivalAt, _lastReportAt + _spacing))
                : quiet;
        }
    }

    /// <summary>A segment that wants a report arrived.</summary>
    /// <param name="now">The instant of the arrival.</param>
    /// <param name="showsGap">Whether the segment left a new gap under it.</param>
    /// <param name="urgent">Whether the segment asks for a report at once.</param>
    public void OnArrival(Timestamp now, bool showsGap, bool urgent)
    {
        _pending++;
        _lastArrivalAt = now;
        IsUrgent |= urgent;
        _sinceGap = showsGap && _sinceGap < 0 ? 0 : _sinceGap < 0 ? -1 : _sinceGap + 1;
    }

    /// <summary>A report left.</summary>
    public void OnReported(Timestamp now)
    {
        _lastReportAt = now;
        _pending = 0;
        _sinceGap = -1;
        IsUrgent = false;
    }
}
