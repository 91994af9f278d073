namespace LinkCodec.Streams;

/// <summary>When live sound began, and how long its messages are, as its sender tells.</summary>
/// <param name="Began">The instant of the first sample, by the sender's clock: milliseconds since 1970, UTC.</param>
/// <param name="Segment">Microseconds of sound a message.</param>
internal sealed record SoundClock(ulong Began, ulong Segment)
{
    /// <summary>Milliseconds from the first sample of a message to an instant.</summary>
    public double DelayOf(ulong message, DateTimeOffset now) =>
        now.ToUnixTimeMilliseconds() - (double)Began - (message * (double)Segment / 1000);
}
