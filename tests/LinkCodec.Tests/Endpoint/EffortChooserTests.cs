using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Which effort is chosen, by what the link, this end and the other end can take.</summary>
public sealed class EffortChooserTests
{
    private const int UnitSize = 1180;
    private const long Deep = 10 << 20;
    private static readonly Effort[] All = [Effort.Stored, Effort.Fast, Effort.Flight, Effort.Full];

    [Theory]
    [InlineData(2_400)]
    [InlineData(9_600)]
    public void A_slow_link_gets_all_there_is(long rate) =>
        Assert.Equal(Effort.Full, Chooser(rate).Choose(At(0), 0, Deep, 1000).Effort);

    [Theory]
    [InlineData(256_000, 0, Effort.Flight)]
    [InlineData(256_000, 200_000, Effort.Full)] // What waits for the link gives time.
    [InlineData(50_000_000, 0, Effort.Fast)]
    public void A_fast_link_is_never_left_waiting(long rate, long waiting, Effort expected) =>
        Assert.Equal(expected, Chooser(rate).Choose(At(0), waiting, Deep, 1000).Effort);

    [Theory]
    [InlineData(1_000_000, Effort.Flight)]
    [InlineData(50_000_000, Effort.Fast)]
    public void An_effort_that_could_fill_a_hundredth_of_a_fast_link_is_left_out(long rate, Effort expected) =>
        Assert.Equal(expected, Chooser(rate).Choose(At(0), rate / 4, Deep, 1000).Effort);

    [Fact]
    public void Messages_that_vanish_in_coding_are_coded_in_batches_as_all_others()
    {
        EffortChooser chooser = new(Effort.Fast, All, default, UnitSize);
        for (int i = 0; i < 10; i++)
        {
            chooser.OnCoded(Effort.Fast, 1 << 20, 20, 1 << 20, 0.001);
            Assert.InRange(chooser.Choose(At(i), 0, Deep, 1000).BatchBytes, 1, 4 << 20);
        }
    }

    [Fact]
    public void A_mixture_fills_a_link_that_is_too_fast_for_networks_alone()
    {
        EffortChooser chooser = Chooser(128_000);
        double now = 0;
        double waiting = 0; // Bytes that wait for the link.
        double idle = 0;
        Dictionary<Effort, int> chosen = [];
        for (int i = 0; i < 400; i++)
        {
            (Effort effort, int batch) = chooser.Choose(At(now), (long)waiting, Deep, 1000);
            (double speed, double gain) = effort switch
            {
                Effort.Full => (40e3, 8.0),
                Effort.Flight => (500e3, 6.0),
                Effort.Fast => (25e6, 4.0),
                _ => (300e6, 1.0),
            };
            double seconds = batch / speed;
            chooser.OnCoded(effort, batch, (long)(batch / gain), batch, seconds);
            idle += Math.Max(0, seconds - (waiting / 16_000));
            waiting = Math.Max(0, waiting - (seconds * 16_000)) + (batch / gain);
            now += seconds;
            double ahead = (waiting / 16_000) - 2; // The stream codes no more than about two seconds ahead.
            now += Math.Max(0, ahead);
            waiting -= Math.Max(0, ahead) * 16_000;
            chosen[effort] = chosen.GetValueOrDefault(effort) + 1;
        }

        Assert.InRange(idle / now, 0, 0.03);
        Assert.True(chosen.GetValueOrDefault(Effort.Full) > 10 && chosen.GetValueOrDefault(Effort.Flight) > 10,
            string.Join(", ", chosen));
    }

    [Fact]
    public void A_receiver_that_decodes_slowly_is_not_drowned()
    {
        EffortChooser chooser = Chooser(9_600);
        chooser.OnCoded(Effort.Full, 10_000, 1200, 10_000, 0.3);
        chooser.OnTold(500);
        Assert.NotEqual(Effort.Full, chooser.Choose(At(0), 0, Deep, 1000).Effort);
    }

    [Fact]
    public void What_was_slow_at_first_is_tried_again()
    {
        EffortChooser chooser = Chooser(10_000_000);
        for (int i = 0; i < 5; i++)
        {
            chooser.OnCoded(Effort.Fast, 100_000, 30_000, 100_000, 1); // 100 KB/s: less than the link takes.
        }

        Assert.NotEqual(Effort.Fast, chooser.Choose(At(1), 0, Deep, 1000).Effort);
        double second = 2;
        while (second < 60 && chooser.Choose(At(second), 0, Deep, 1000).Effort != Effort.Fast)
        {
            second++;
        }

        Assert.InRange(second, 3, 40);
    }

    [Fact]
    public void A_batch_fills_no_more_units_than_there_is_room_for()
    {
        EffortChooser chooser = Chooser(64_000);
        (Effort effort, int few) = chooser.Choose(At(0), 0, Deep, 3);
        Assert.Equal(Effort.Flight, effort);
        Assert.InRange(few, 1024, 3 * 5 * UnitSize);
    }

    [Theory]
    [InlineData(Effort.Stored, Effort.Stored)]
    [InlineData(Effort.Fast, Effort.Stored)] // There is no compressor.
    [InlineData(Effort.Full, Effort.Flight)] // There are no networks.
    public void An_effort_that_this_end_does_not_have_is_the_next_lower_one(Effort asked, Effort expected)
    {
        EffortChooser chooser = new(
            asked, [Effort.Stored, Effort.Flight], new DataRate(9_600), UnitSize);
        Assert.Equal(expected, chooser.Choose(At(0), 0, Deep, 1000).Effort);
    }

    [Fact]
    public void Without_a_rate_what_is_soon_coded_is_coded_well()
    {
        EffortChooser chooser = new(Effort.Auto, All, default, UnitSize);
        Assert.Equal(Effort.Full, chooser.Choose(At(0), 0, 100, 1000).Effort);
        Assert.Equal(Effort.Fast, chooser.Choose(At(0), 0, Deep, 1000).Effort);
    }

    [Theory]
    [InlineData(6.0, 4.0, Effort.Primed)]
    [InlineData(4.0, 6.0, Effort.Flight)]
    public void Of_two_efforts_that_suit_different_messages_the_better_one_is_found(
        double primedGain, double flightGain, Effort expected)
    {
        EffortChooser chooser = new(
            Effort.Auto, [Effort.Stored, Effort.Primed, Effort.Flight], new DataRate(256_000), UnitSize);
        Dictionary<Effort, int> chosen = [];
        for (int i = 0; i < 60; i++)
        {
            (Effort effort, int batch) = chooser.Choose(At(i), 8 * UnitSize, Deep, 10);
            double gain = effort == Effort.Primed ? primedGain : effort == Effort.Flight ? flightGain : 1;
            chooser.OnCoded(effort, batch, (long)(batch / gain), batch,
                batch / (effort == Effort.Primed ? 800e3 : 400e3));
            if (i >= 30)
            {
                chosen[effort] = chosen.GetValueOrDefault(effort) + 1;
            }
        }

        Assert.True(chosen.GetValueOrDefault(expected) >= 28, string.Join(", ", chosen));
    }

    private static EffortChooser Chooser(long rate) =>
        new(Effort.Auto, All, new DataRate(rate), UnitSize);

    private static Timestamp At(double seconds) => new((long)(seconds * 1e6));
}
