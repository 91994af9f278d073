using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Clock;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class VirtualClockTests
{
    [Fact]
    public void Events_run_in_order_of_time_and_then_of_asking()
    {
        VirtualClock clock = new();
        List<(string Name, long At)> seen = [];
        void Note(string name) => seen.Add((name, clock.Now.Microseconds));
        clock.At(new Timestamp(20), () => Note("c"));
        clock.At(new Timestamp(10), () =>
        {
            Note("a");
            clock.At(new Timestamp(5), () => Note("late")); // The past is now.
            clock.After(TimeSpan.FromMicroseconds(10), () => Note("d"));
        });
        clock.At(new Timestamp(10), () => Note("b"));
        clock.At(Timestamp.Never, () => Note("never"));

        while (clock.RunNext(new Timestamp(100)))
        {
        }

        Assert.Equal([("a", 10), ("b", 10), ("late", 10), ("c", 20), ("d", 20)], seen);
        Assert.Equal(Timestamp.Never, clock.NextEvent);
    }

    [Fact]
    public void Time_does_not_pass_over_an_event()
    {
        VirtualClock clock = new();
        clock.At(new Timestamp(7), () => { });

        Assert.Throws<InvalidOperationException>(() => clock.AdvanceTo(new Timestamp(8)));
        Assert.False(clock.RunNext(new Timestamp(6)));
        Assert.Equal(Timestamp.Zero, clock.Now);
    }
}
