using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>Smoothed round trip and the time-outs that follow from it and from what the options say of the
/// link.</summary>
/// <remarks>Source: the estimator of RFC 6298. The configured delay is a floor: a link that is measured as short may be
/// long again after the next handover.</remarks>
internal sealed class RoundTripEstimator
{
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _configured;
    private TimeSpan _smoothed;
    private TimeSpan _variation;
    private TimeSpan _latest;
    private TimeSpan _lateness;

    public RoundTripEstimator(SessionOptions options) =>
        _configured = (2 * options.OneWayDelay) + options.ReportDelay
            + options.Rate.TimeFor((2L * options.MaxDatagramSize) + 64);

    /// <summary>The smoothed round trip; null before the first sample.</summary>
    public TimeSpan? Smoothed => _smoothed == TimeSpan.Zero ? null : _smoothed;

    /// <summary>The time to wait for a report before asking for one, not counting back-off.</summary>
    public TimeSpan ProbeTimeout => Max(_configured, _smoothed + Max(4 * _variation, Granularity)) + Granularity;

    /// <summary>The longest wait between two probes, so that an outage's end is soon noticed.</summary>
    public TimeSpan MaxProbeTimeout => Max(TimeSpan.FromSeconds(10), 2 * ProbeTimeout);

    /// <summary>
    /// The time after its departure within which a segment may still arrive when one sent later was reported.
    /// </summary>
    public TimeSpan LossDelay
    {
        get
        {
            TimeSpan trip = _smoothed == TimeSpan.Zero ? _configured : Max(_smoothed, _latest);
            return Max(trip + (trip / 8), Granularity) + _lateness;
        }
    }

    /// <summary>Takes the time from a segment's departure to the report that first named it as the largest.</summary>
    public void OnSample(TimeSpan sample)
    {
        _latest = Max(sample, TimeSpan.FromMicroseconds(1));
        if (_smoothed == TimeSpan.Zero)
        {
            _smoothed = _latest;
            _variation = (_latest - _configured).Duration() / 2; // The options said what to expect.
            return;
        }

        TimeSpan error = (_smoothed - _latest).Duration();
        _variation += (error - _variation) / 4;
        _smoothed += (_latest - _smoothed) / 8;
    }

    /// <summary>A segment that was given up came after all, <paramref name="age"/> after its departure: wait longer
    /// from now on, by four round trips at most.</summary>
    public void OnSpurious(TimeSpan age)
    {
        TimeSpan trip = Max(_smoothed, _configured);
        TimeSpan missing = age - LossDelay;
        _lateness = missing <= TimeSpan.Zero ? _lateness : Max(_lateness, Min(_lateness + missing, 4 * trip));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
