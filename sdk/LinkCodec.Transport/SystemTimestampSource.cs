using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport;

/// <summary>
/// The one place where a clock becomes a <see cref="Timestamp"/>: monotonic microseconds since the source was made.
/// </summary>
/// <remarks>
/// Uses <see cref="TimeProvider.GetTimestamp"/>, never the time of day, so that a clock that is wrong or set by years
/// changes nothing. Thread-safe. One source per driver: timestamps of two sources cannot be compared.
/// </remarks>
internal sealed class SystemTimestampSource
{
    private readonly TimeProvider _provider;
    private readonly long _origin;

    /// <summary>A source whose origin is now.</summary>
    /// <param name="provider">The clock; null for the system's.</param>
    public SystemTimestampSource(TimeProvider? provider = null)
    {
        _provider = provider ?? TimeProvider.System;
        _origin = _provider.GetTimestamp();
    }

    /// <summary>The present instant, never before an earlier answer.</summary>
    public Timestamp Now => Timestamp.Zero + _provider.GetElapsedTime(_origin);

    /// <summary>
    /// The time to wait until <paramref name="deadline"/>: zero when it has passed,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    /// <remarks>
    /// Rounded up to a millisecond, the resolution of timers, so that a driver never wakes before its deadline and
    /// spins.
    /// </remarks>
    public TimeSpan Until(Timestamp deadline)
    {
        if (deadline == Timestamp.Never)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan left = deadline - Now;
        if (left <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        // Timers take at most 49 days: a driver that wakes early simply asks again.
        long milliseconds = Math.Min(((left.Ticks - 1) / TimeSpan.TicksPerMillisecond) + 1, int.MaxValue);
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>Waits for a while of this source's time.</summary>
    internal Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.Delay(wait, _provider, cancellationToken);
}
