namespace LinkCodec.Core.Primitives;

/// <summary>A data rate in bits per second; zero means unlimited.</summary>
/// <param name="BitsPerSecond">Bits per second, not negative.</param>
public readonly record struct DataRate(long BitsPerSecond)
{
    /// <summary>The rate without a limit.</summary>
    public static DataRate Unlimited => default;

    /// <summary>Whether the rate has no limit.</summary>
    public bool IsUnlimited => BitsPerSecond <= 0;

    /// <summary>
    /// The time that <paramref name="bytes"/> bytes take, rounded up to a microsecond; zero when unlimited.
    /// </summary>
    public TimeSpan TimeFor(long bytes)
    {
        if (IsUnlimited)
        {
            return TimeSpan.Zero;
        }

        Int128 microseconds = (((Int128)bytes * 8 * 1_000_000) + BitsPerSecond - 1) / BitsPerSecond;
        return microseconds > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.MaxValue
            : TimeSpan.FromTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
    }
}
