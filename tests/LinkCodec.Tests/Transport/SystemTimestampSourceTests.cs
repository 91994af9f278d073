using LinkCodec.Core.Primitives;
using LinkCodec.Transport;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class SystemTimestampSourceTests
{
    private sealed class HandClock : TimeProvider
    {
        public long Ticks { get; set; } = 123_456_789;

        public override long TimestampFrequency => 3_000_000; // Not a power of ten, as on some machines.

        public override long GetTimestamp() => Ticks;

        public override DateTimeOffset GetUtcNow() =>
            throw new InvalidOperationException("The time of day is not to be asked.");
    }

    [Fact]
    public void Now_counts_microseconds_from_the_making_of_the_source()
    {
        HandClock clock = new();
        SystemTimestampSource source = new(clock);

        Assert.Equal(Timestamp.Zero, source.Now);
        clock.Ticks += 3 * 1_500_000;
        Assert.Equal(new Timestamp(1_500_000), source.Now);
    }

    [Fact]
    public void The_wait_for_a_deadline_is_never_too_short()
    {
        SystemTimestampSource source = new(new HandClock());

        Assert.Equal(TimeSpan.Zero, source.Until(new Timestamp(-1)));
        Assert.Equal(TimeSpan.Zero, source.Until(new Timestamp(0)));
        Assert.Equal(TimeSpan.FromMilliseconds(1), source.Until(new Timestamp(1)));
        Assert.Equal(TimeSpan.FromMilliseconds(1), source.Until(new Timestamp(1000)));
        Assert.Equal(TimeSpan.FromMilliseconds(2), source.Until(new Timestamp(1001)));
        Assert.Equal(Timeout.InfiniteTimeSpan, source.Until(Timestamp.Never));
        Assert.Equal(TimeSpan.FromMilliseconds(int.MaxValue), source.Until(new Timestamp(long.MaxValue - 1)));
    }
}
