using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;
using Xunit.Abstractions;

namespace LinkCodec.Tests.Session;

/// <summary>An erasure code between two sessions: what it mends, and what it costs.</summary>
public sealed class RepairScenarioTests(ITestOutputHelper output)
{
    private static readonly SessionOptions Geo = new()
    {
        Rate = new DataRate(20_000_000),
        OneWayDelay = TimeSpan.FromMilliseconds(300),
        MaxDatagramSize = 1200,
        Redundancy = SessionOptions.AdaptiveRedundancy,
    };

    [Theory]
    [InlineData(0, 0.965, 0)]
    [InlineData(1, 0.96, 1)]
    [InlineData(10, 0.945, 2)]
    [InlineData(50, 0.895, 3)]
    [InlineData(100, 0.83, 4)]
    [InlineData(300, 0.63, 5)]
    public void Goodput_of_a_geostationary_link_at_this_loss_in_thousandths(int loss, double least, ulong seed)
    {
        PathOptions path = new() { Rate = Geo.Rate, Loss = loss / 1000.0 };
        using SessionPair pair = new(Geo, path, path, seed: 0x60 + seed) { UnitSize = 1173 };
        Measure(pair, least);
    }

    [Fact]
    public void Goodput_with_bursts()
    {
        PathOptions path = new() { Rate = Geo.Rate, Bursts = (0.01, 0.167) };
        using SessionPair pair = new(Geo, path, path, seed: 0x68) { UnitSize = 1173 };
        Measure(pair, 0.91);
    }

    private void Measure(SessionPair pair, double least)
    {
        pair.Offer(140_000);
        double seconds = 10;
        for (int i = 0; i < 5; i++)
        {
            pair.Run(TimeSpan.FromSeconds(i == 0 ? 1 : 2));
            SessionStatistics x = pair.A.Statistics, y = pair.B.Statistics;
            output.WriteLine($"goodput-so-far units {x.UnitsSent} again {x.UnitsRetransmitted} "
            + $"repairs {x.RepairsSent} recovered {y.SegmentsRecovered} lost {x.SegmentsLost} of {pair.Forward.Lost} "
            + $"duplicate {y.UnitsDuplicate}");
        }

        seconds = 9;
        
        double goodput = pair.UnitsReceived * 1173 * 8 / (seconds - 0.3) / 20e6;
        SessionStatistics a = pair.A.Statistics, b = pair.B.Statistics;
        output.WriteLine($"goodput {goodput:f4} (aim {least}) units {a.UnitsSent} again {a.UnitsRetransmitted} "
            + $"repairs {a.RepairsSent} recovered {b.SegmentsRecovered} lost {a.SegmentsLost} of {pair.Forward.Lost} "
            + $"spurious {a.LossesSpurious} duplicate {b.UnitsDuplicate}");
        Assert.True(goodput >= least, $"{goodput:f4} of the capacity");
    }
}
