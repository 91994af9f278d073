using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class ScenarioTests
{
    [Fact]
    public void Every_built_in_scenario_survives_its_own_JSON()
    {
        foreach (Scenario scenario in BuiltInScenarios.All)
        {
            string json = ScenarioJson.Write(scenario);
            Assert.Equal(json, ScenarioJson.Write(ScenarioJson.Read(json)));
        }
    }

    [Fact]
    public void The_demo_is_the_link_that_it_says()
    {
        Scenario demo = BuiltInScenarios.Find("demo");

        Assert.Equal(new DataRate(9600), Scenario.RateOf(demo.Forward));
        Assert.Equal(TimeSpan.FromMilliseconds(300), Scenario.DelayOf(demo.Return!));
        Assert.Null(Scenario.MtuOf(demo.Forward));
        Assert.Equal(270, Scenario.MtuOf(BuiltInScenarios.Find("iridium-sbd").Return!));
    }

    [Theory]
    [InlineData("[]", "a scenario is a JSON object.")]
    [InlineData("{", "not JSON: ")]
    [InlineData("""{"name":"x","description":"x"}""", "a scenario needs 'forward', a list of rules.")]
    [InlineData("""{"name":"x","description":"x","forward":[],"back":[]}""", "a scenario has no 'back'.")]
    [InlineData("""{"description":"x","forward":[]}""", "'name' is missing, or is no text.")]
    [InlineData("""{"name":"x","description":"x","forward":[{"rule":"rain"}]}""",
        "there is no rule 'rain': write one of mtu, rate, ")]
    [InlineData("""{"name":"x","description":"x","forward":[{"rule":"loss"}]}""",
        "the rule 'loss' needs 'probability'.")]
    [InlineData("""{"name":"x","description":"x","forward":[{"rule":"loss","probability":1.5}]}""",
        "the rule 'loss' takes probability from 0 to 1, not 1.5.")]
    [InlineData("""{"name":"x","description":"x","forward":[{"rule":"loss","probability":"1"}]}""",
        "'probability' is a number.")]
    [InlineData("""{"name":"x","description":"x","forward":[{"rule":"loss","chance":1}]}""",
        "the rule 'loss' has no 'chance': it takes probability.")]
    [InlineData(
        """{"name":"x","description":"x","forward":[{"rule":"duplicate","probability":1},{"rule":"rate","bits_per_second":1}]}""",
        "the rule 'rate' keeps the order of time: write it before reorder and duplicate.")]
    public void A_scenario_that_is_none_is_one_clear_line(string json, string problem)
    {
        FormatException refused = Assert.Throws<FormatException>(() => ScenarioJson.Read(json));

        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
