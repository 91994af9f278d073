using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>A named link: the rules of its two directions, in the order in which a datagram meets them.</summary>
/// <param name="Name">The scenario's name as on the command line.</param>
/// <param name="Description">The scenario in one line.</param>
/// <param name="Forward">The rules from the sender to the receiver.</param>
/// <param name="Return">The rules of the way back; null where there is no return channel.</param>
internal sealed record Scenario(
    string Name, string Description, IReadOnlyList<RuleSpec> Forward, IReadOnlyList<RuleSpec>? Return)
{
    /// <summary>The link, with fresh rules and everything random derived from <paramref name="seed"/>.</summary>
    public LinkModel Build(ulong seed) => new(Make(Forward), Return is null ? null : Make(Return), seed);

    /// <summary>The slowest rate of a direction; unlimited when no rule limits it.</summary>
    public static DataRate RateOf(IReadOnlyList<RuleSpec> direction)
    {
        double[] rates = [.. direction.Where(r => r.Kind.Name == "rate").Select(r => r["bits_per_second"])];
        return rates.Length == 0 ? DataRate.Unlimited : new DataRate((long)rates.Min());
    }

    /// <summary>The least time that an empty direction takes, transmission not counted.</summary>
    public static TimeSpan DelayOf(IReadOnlyList<RuleSpec> direction) =>
        direction.Where(r => r.Kind.Name == "delay").Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Span("seconds"));

    /// <summary>The longest datagram that a direction takes at its start; null when no rule limits it.</summary>
    public static int? MtuOf(IReadOnlyList<RuleSpec> direction)
    {
        int[] limits = [.. direction.Where(r => r.Kind.Name == "mtu" && r["start_seconds"] == 0)
            .Select(r => (int)r["bytes"])];
        return limits.Length == 0 ? null : limits.Min();
    }

    /// <summary>Refuses an order of rules that cannot be simulated.</summary>
    /// <exception cref="FormatException">A queue behind a rule that breaks the order of time.</exception>
    public static void Check(IReadOnlyList<RuleSpec> direction)
    {
        bool shuffled = false;
        foreach (RuleSpec rule in direction)
        {
            shuffled |= rule.Kind.Name is "reorder" or "duplicate";
            bool keepsOrder = rule.Kind.Name == "rate" || (rule.Kind.Name == "delay" && rule["jitter_seconds"] > 0);
            if (shuffled && keepsOrder)
            {
                throw new FormatException(
                    $"the rule '{rule.Kind.Name}' keeps the order of time: write it before reorder and duplicate.");
            }
        }
    }

    private static IEnumerable<(string Name, IChannelRule Rule)> Make(IReadOnlyList<RuleSpec> direction)
    {
        Check(direction);
        return direction.Select(r => (r.Kind.Name, r.Make()));
    }
}
