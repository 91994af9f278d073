using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>What the bytes of a session were for, and what a carrier charges for them.</summary>
public sealed class SentBytesTests
{
    private const int Units = 300;
    private const int UnitSize = 236;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void All_bytes_are_for_something(double loss)
    {
        SessionOptions options = new() { Rate = new DataRate(64_000), MaxDatagramSize = 256, PaddingBucket = 32 };
        PathOptions path = new() { Loss = loss, Delay = TimeSpan.FromMilliseconds(50) };
        using SessionPair pair = new(options, path, path, seed: 0x71) { UnitSize = UnitSize };
        pair.Transfer(Units, TimeSpan.FromMinutes(10));
        foreach (LiveSession end in new[] { pair.A, pair.B })
        {
            Assert.Equal(end.Statistics.BytesSent, end.Statistics.Sent.Total);
            Assert.Equal(end.Statistics.DatagramsSent * 20, end.Statistics.Sent.Seal);
        }

        SentBytes sent = pair.A.Statistics.Sent;
        Assert.Equal(Units * UnitSize, sent.Code + sent.Framing);
        Assert.InRange(sent.Framing, Units * 2, Units * 6); // Units of one stored message each.
        Assert.Equal(pair.A.Statistics.UnitsRetransmitted == 0, sent.Repair == 0);
        Assert.True(pair.B.Statistics.Sent.Reports > 0);
        Assert.Equal(0, pair.B.Statistics.Sent.Code);
    }

    [Theory]
    [InlineData(340, 50, 0, 300)] // 320 bytes of content in 7 steps, or 280 in 6.
    [InlineData(348, 50, 0, 348)] // 328 in 7 steps are more than 280 in 6.
    [InlineData(1200, 1, 0, 1200)]
    [InlineData(1200, 0, 50, 1200)]
    [InlineData(40, 50, 0, 40)] // No step is full.
    [InlineData(340, 50, 0, 322, 28)] // With its headers in 7 steps.
    public void A_full_datagram_carries_most_for_what_it_costs(int most, int step, int minimum, int expected,
        int header = 0) => Assert.Equal(expected, new Billing(step, minimum, header).BestSize(most, 20));

    [Theory]
    [InlineData(50, 0, 0, 0)]
    [InlineData(50, 0, 1, 50)]
    [InlineData(50, 0, 50, 50)]
    [InlineData(50, 0, 51, 100)]
    [InlineData(1, 50, 22, 50)]
    [InlineData(0, 0, 22, 22)]
    [InlineData(1, 50, 22, 50, 28)]
    [InlineData(1, 50, 23, 51, 28)]
    public void A_datagram_is_charged_in_steps_and_never_less_than_the_minimum(int step, int minimum, int length,
        long expected, int header = 0) => Assert.Equal(expected, new Billing(step, minimum, header).Of(length));

    [Fact]
    public void Units_are_cut_to_the_steps_of_the_carrier()
    {
        SessionOptions options = new() { MaxDatagramSize = 340, Billing = new Billing(50) };
        using SessionPair pair = new(options, new PathOptions(), new PathOptions(), seed: 0x72) { UnitSize = 280 };
        Assert.Equal(280, pair.A.MaxUnitSize);
        pair.Transfer(50, TimeSpan.FromMinutes(1));
        SessionStatistics sent = pair.A.Statistics;
        long full = 50 + sent.UnitsRetransmitted;
        Assert.Equal((300 * full) + (50 * (sent.DatagramsSent - full)), sent.BytesBilled);
    }
}
