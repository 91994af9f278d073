using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

/// <summary>Whatever a link does, nothing wrong is delivered and nothing that was promised is lost.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("geo")]
    [InlineData("leo")]
    [InlineData("iridium-sbd")]
    [InlineData("burst")]
    [InlineData("ber-1e-4")]
    public void Every_built_in_link_with_a_return_path_delivers_everything(string name) =>
        Runs.AssertComplete(Runs.Send(BuiltInScenarios.Find(name)));

    [Fact]
    public void Handshake_and_transfer_get_through_30_percent_loss() =>
        Runs.AssertComplete(Runs.Send(BuiltInScenarios.Find("lossy-30"), seeds: 10));

    [Fact]
    public void Handshake_and_transfer_get_through_where_30_percent_of_the_handshake_is_damaged() =>
        Runs.AssertComplete(Runs.Send(Runs.Both(new RuleSpec("mtu", ("bytes", 128)), Runs.Narrow,
            new RuleSpec("bit-errors", ("rate", 7.6e-4)), Links.Delay(0.3))));

    [Fact]
    public void A_transfer_gets_through_50_percent_loss() =>
        Runs.AssertComplete(Runs.Send(Runs.Both(Runs.Narrow, Links.Loss(0.5), Links.Delay(0.3))));

    [Fact]
    public void A_transfer_gets_through_bursts_of_loss() =>
        Runs.AssertComplete(Runs.Send(
            Runs.Both(Runs.Narrow, new RuleSpec("burst-loss", ("enter", 0.05), ("leave", 0.167)), Links.Delay(0.3))));

    [Fact]
    public void A_blackhole_of_two_seconds_costs_no_message() =>
        Runs.AssertComplete(Runs.Send(BuiltInScenarios.Find("blackhole"), interval: 0.25));

    [Fact]
    public void An_outage_of_90_minutes_costs_no_message_and_no_handshake()
    {
        IReadOnlyList<RunResult> runs = Runs.Send(Runs.Both(
            Runs.Narrow, new RuleSpec("outage", ("start_seconds", 4), ("length_seconds", 5400)), Links.Delay(0.3)));

        Runs.AssertComplete(runs);
        Assert.All(runs, run => Assert.InRange(run.Seconds, 5404, 2 * 5404));
    }

    [Fact]
    public void Every_datagram_twice_delivers_every_message_once() =>
        Runs.AssertComplete(Runs.Send(Runs.Both(
            Runs.Narrow, Links.Delay(0.3), new RuleSpec("duplicate", ("probability", 1), ("window_seconds", 3)))));

    [Fact]
    public void Reordering_over_many_datagrams_keeps_the_messages_in_order()
    {
        Scenario shuffled = Runs.Both(
            new RuleSpec("mtu", ("bytes", 200)), Links.Rate(64_000), Links.Delay(0.3),
            new RuleSpec("reorder", ("probability", 0.5), ("window_seconds", 1.5)));

        IReadOnlyList<RunResult> runs = Runs.Send(shuffled);

        Runs.AssertComplete(runs);
        Assert.All(runs, run => Assert.Equal(run.Course.Order(), run.Course));
    }

    [Fact]
    public void Truncated_datagrams_are_as_good_as_lost() =>
        Runs.AssertComplete(
            Runs.Send(Runs.Both(Runs.Narrow, new RuleSpec("truncate", ("probability", 0.2)), Links.Delay(0.3))));

    [Fact]
    public void A_return_path_that_dies_for_ten_minutes_costs_no_message()
    {
        Scenario deaf = Runs.Both(Runs.Narrow, Links.Loss(0.05), Links.Delay(0.3));
        RuleSpec[] back = [Runs.Narrow, new RuleSpec("outage", ("start_seconds", 3), ("length_seconds", 600)),
            Links.Delay(0.3)];

        Runs.AssertComplete(Runs.Send(deaf with { Return = back }));
    }

    [Fact]
    public void A_return_path_that_dies_for_good_ends_the_session_and_delivers_nothing_wrong()
    {
        Scenario deaf = Runs.Both(Runs.Narrow, Links.Delay(0.3));
        RuleSpec[] back = [Runs.Narrow, new RuleSpec("outage", ("start_seconds", 3), ("length_seconds", 1e6)),
            Links.Delay(0.3)];

        IReadOnlyList<RunResult> runs = Runs.Send(deaf with { Return = back });

        Assert.All(runs, run =>
        {
            Assert.Equal(0, run.MessagesWrong);
            Assert.True(run.MessagesDelivered > 0);
            Assert.StartsWith("TimedOut", run.Ended, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_return_path_that_never_was_ends_in_a_handshake_without_answer()
    {
        Scenario mute = Runs.Both(Runs.Narrow, Links.Delay(0.3)) with { Return = [Links.Loss(1)] };

        RunResult run = Assert.Single(Runs.Send(mute, seeds: 1));

        Assert.Equal("no answer to the handshake", run.Ended);
        Assert.Equal(0, run.MessagesDelivered + run.MessagesWrong);
        Assert.Null(run.LatencyP50);
        Assert.InRange(run.Seconds, 120, 130);
    }

    [Fact]
    public void A_one_way_link_delivers_what_came_and_nothing_wrong()
    {
        IReadOnlyList<RunResult> runs = Runs.Send(BuiltInScenarios.Find("one-way"), seeds: 10);

        Assert.All(runs, run =>
        {
            Assert.Equal(0, run.MessagesWrong);
            Assert.Equal("complete", run.Ended);
        });
        Assert.True(runs.Sum(run => run.MessagesDelivered) > 0.7 * runs.Sum(run => run.MessagesSent));
        Assert.Contains(runs, run => run.MessagesDelivered < run.MessagesSent); // Nothing is repeated there.
    }

    [Fact]
    public void A_one_way_link_without_loss_delivers_everything() =>
        Runs.AssertComplete(Runs.Send(new Scenario("test", "test", [Runs.Narrow, Links.Delay(0.3)], null)));
}
