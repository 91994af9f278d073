namespace LinkCodec.Tests.Facade;

/// <summary>A clock that runs faster than the system's, so that minutes of a link take seconds.</summary>
/// <param name="times">How much faster.</param>
internal sealed class FastTime(int times) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _began = System.GetUtcNow();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * times);

    public override DateTimeOffset GetUtcNow() => _began + ((System.GetUtcNow() - _began) * times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Real(dueTime), Real(period));

    // The system's timers take whole milliseconds: one that came early would be asked for again and again.
    private TimeSpan Real(TimeSpan time) => time <= TimeSpan.Zero
        ? time
        : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / times));
}
