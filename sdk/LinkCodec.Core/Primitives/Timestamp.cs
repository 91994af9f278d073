namespace LinkCodec.Core.Primitives;

/// <summary>
/// An instant in microseconds since an origin that the driver chooses; only differences carry meaning.
/// </summary>
/// <remarks>
/// The core never reads a clock: every entry point that depends on time takes one of these (sans-IO).
/// </remarks>
/// <param name="Microseconds">Microseconds since the origin; may be negative.</param>
internal readonly record struct Timestamp(long Microseconds) : IComparable<Timestamp>
{
    /// <summary>The instant at the origin.</summary>
    public static Timestamp Zero => default;

    /// <summary>The instant that is later than every deadline.</summary>
    public static Timestamp Never => new(long.MaxValue);

    /// <summary>The instant <paramref name="span"/> later; saturates at <see cref="Never"/>.</summary>
    public static Timestamp operator +(Timestamp at, TimeSpan span)
    {
        if (at == Never)
        {
            return Never;
        }

        Int128 sum = (Int128)at.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond);
        return new(sum > long.MaxValue ? long.MaxValue : sum < long.MinValue ? long.MinValue : (long)sum);
    }

    /// <summary>
    /// The time from <paramref name="earlier"/> to <paramref name="later"/>; saturates at
    /// <see cref="TimeSpan.MaxValue"/>.
    /// </summary>
    public static TimeSpan operator -(Timestamp later, Timestamp earlier)
    {
        Int128 ticks = ((Int128)later.Microseconds - earlier.Microseconds) * TimeSpan.TicksPerMicrosecond;
        return new(ticks > long.MaxValue ? long.MaxValue : ticks < long.MinValue ? long.MinValue : (long)ticks);
    }

    /// <summary>Whether <paramref name="a"/> is before <paramref name="b"/>.</summary>
    public static bool operator <(Timestamp a, Timestamp b) => a.Microseconds < b.Microseconds;

    /// <summary>Whether <paramref name="a"/> is after <paramref name="b"/>.</summary>
    public static bool operator >(Timestamp a, Timestamp b) => a.Microseconds > b.Microseconds;

    /// <summary>Whether <paramref name="a"/> is not after <paramref name="b"/>.</summary>
    public static bool operator <=(Timestamp a, Timestamp b) => a.Microseconds <= b.Microseconds;

    /// <summary>Whether <paramref name="a"/> is not before <paramref name="b"/>.</summary>
    public static bool operator >=(Timestamp a, Timestamp b) => a.Microseconds >= b.Microseconds;

    /// <summary>The earlier of two instants.</summary>
    public static Timestamp Min(Timestamp a, Timestamp b) => a < b ? a : b;

    /// <summary>The later of two instants.</summary>
    public static Timestamp Max(Timestamp a, Timestamp b) => a > b ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Microseconds.CompareTo(other.Microseconds);
}
