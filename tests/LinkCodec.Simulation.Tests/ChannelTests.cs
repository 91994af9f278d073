using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class ChannelTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInScenarios.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void The_same_seed_gives_the_same_verdicts_and_bytes(string name)
    {
        Scenario scenario = BuiltInScenarios.Find(name);

        (string trace, List<Arrival> arrivals) first = Run(scenario, 42);
        (string trace, List<Arrival> arrivals) second = Run(scenario, 42);

        Assert.Equal(first.trace, second.trace);
        Assert.Equal(first.arrivals.Select(a => (a.At, Convert.ToHexString(a.Bytes))),
            second.arrivals.Select(a => (a.At, Convert.ToHexString(a.Bytes))));
        if (name != "blackhole")
        {
            Assert.NotEqual(first.trace, Run(scenario, 43).Trace); // Nothing is random in the blackhole.
        }
    }

    [Fact]
    public void The_trace_of_the_demo_is_the_one_that_it_was()
    {
        Assert.StartsWith("7d333d1e29ea2eba034301da285cc53e7e88cc864", Run(BuiltInScenarios.Find("demo"), 1).Trace,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_added_shifts_no_other_rules_draws()
    {
        RuleSpec loss = new("loss", ("probability", 0.3));
        RuleSpec errors = new("bit-errors", ("rate", 0.01));
        List<Arrival> alone = Links.Send([loss], 500);
        List<Arrival> withErrors = Links.Send([errors, loss], 500);

        Assert.Equal(alone.Select(a => a.At), withErrors.Select(a => a.At));
    }

    [Fact]
    public void The_two_directions_draw_differently()
    {
        using LinkModel link = new Scenario("x", "x", [Links.Loss(0.5)], [Links.Loss(0.5)]).Build(5);
        List<Arrival> forward = [];
        List<Arrival> back = [];
        for (int i = 0; i < 200; i++)
        {
            link.Forward.Send([1], new Timestamp(i), forward);
            link.Return.Send([1], new Timestamp(i), back);
        }

        Assert.NotEqual(forward.Select(a => a.At), back.Select(a => a.At));
    }

    [Fact]
    public void A_link_without_return_channel_counts_what_was_lost_to_it()
    {
        using LinkModel link = BuiltInScenarios.Find("one-way").Build(1);
        List<Arrival> arrivals = [];
        link.Return.Send([1, 2], Timestamp.Zero, arrivals);

        Assert.False(link.HasReturn);
        Assert.Empty(arrivals);
        Assert.Equal(1, link.Return.Counters[Fate.NoChannel]);
    }

    [Fact]
    public void Every_copy_of_a_datagram_is_counted_and_altered_for_itself()
    {
        RuleSpec twice = new("duplicate", ("probability", 1), ("window_seconds", 0.5));
        List<Arrival> arrivals = Links.Send([twice, new("bit-errors", ("rate", 0.05))], 100);

        Assert.Equal(200, arrivals.Count);
        Assert.NotEqual(arrivals[0].Bytes, arrivals[1].Bytes);
        Assert.True(arrivals.Chunk(2).All(p => (p[0].At - p[1].At).Duration() < TimeSpan.FromSeconds(0.5)));
    }

    private static (string Trace, List<Arrival> Arrivals) Run(Scenario scenario, ulong seed)
    {
        using LinkModel link = scenario.Build(seed);
        List<Arrival> arrivals = [];
        for (int i = 0; i < 400; i++)
        {
            link.Forward.Send(Links.Datagram(i, 200), new Timestamp(i * 170_000L), arrivals);
            link.Return.Send(Links.Datagram(i, 20), new Timestamp(i * 170_000L), arrivals);
        }

        return (link.TraceSha256, arrivals);
    }
}
