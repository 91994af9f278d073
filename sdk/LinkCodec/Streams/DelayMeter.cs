namespace LinkCodec.Streams;

/// <summary>Measures how long the messages of live sound took. Not thread-safe.</summary>
internal sealed class DelayMeter
{
    // A clock that is wrong by more, or a peer's invention.
    private const double Most = 1e12;

    private double _sum;
    private double _longest = double.MinValue;
    private long _count;

    /// <summary>The delay so far; null where nothing was measured.</summary>
    public LinkDelay? Result => _count == 0
        ? null
        : new LinkDelay(TimeSpan.FromMilliseconds(_sum / _count), TimeSpan.FromMilliseconds(_longest));

    /// <summary>Takes a message that was written out.</summary>
    public void Add(ulong message, SoundClock? clock, DateTimeOffset now)
    {
        if (clock is not null)
        {
            double delay = Math.Clamp(clock.DelayOf(message, now), -Most, Most);
            _sum += delay;
            _longest = Math.Max(_longest, delay);
            _count++;
        }
    }
}
