using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class RepeatedFrameTests
{
    private static readonly SessionOptions TwoWay = new() { OneWayDelay = TimeSpan.FromSeconds(1) };
    private static readonly SessionOptions OneWay = TwoWay with { HasReturnPath = false };

    [Fact]
    [Spec("4.5-1")]
    public void With_a_way_back_the_frame_is_sent_again_until_it_is_reported()
    {
        RepeatedFrame frame = new(TwoWay, oneWaySends: 3);
        Assert.True(frame.IsIdle);
        frame.Repeat();
        Assert.True(frame.IsIdle);
        frame.Start();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(frame.IsPending);
            frame.OnSent(Timestamp.Zero);
            Assert.False(frame.IsPending || frame.IsIdle);
            Assert.Equal(Timestamp.Never, frame.AgainAt);
            frame.Repeat();
        }

        frame.OnReported();
        Assert.True(frame.IsIdle);
        frame.Repeat();
        Assert.True(frame.IsIdle);
    }

    [Theory]
    [Spec("4.7-1")]
    [InlineData(1)]
    [InlineData(3)]
    public void Without_one_it_is_sent_so_many_times_at_least_the_one_way_delay_apart(int sends)
    {
        RepeatedFrame frame = new(OneWay, sends);
        frame.Start();
        Timestamp now = Timestamp.Zero;
        for (int i = 1; i < sends; i++)
        {
            frame.OnSent(now);
            Assert.InRange(frame.AgainAt - now, OneWay.OneWayDelay, 2 * OneWay.OneWayDelay);
            frame.OnTimeout(now);
            Assert.False(frame.IsPending);
            now = frame.AgainAt;
            frame.OnTimeout(now);
            Assert.True(frame.IsPending);
        }

        frame.OnSent(now);
        Assert.True(frame.IsIdle);
        Assert.Equal(Timestamp.Never, frame.AgainAt);
    }
}
