using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel.Corruption;
using LinkCodec.Simulator.Channel.Delay;
using LinkCodec.Simulator.Channel.Loss;
using LinkCodec.Simulator.Channel.Rate;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>Every rule that a scenario can name, one line each: to add one, write its file and its line here.</summary>
internal static class RuleCatalog
{
    /// <summary>A year: longer than any run.</summary>
    private const double LongestSeconds = 366 * 86_400.0;

    public static IReadOnlyList<RuleKind> All { get; } =
    [
        new("mtu", "drops what is longer", [new("bytes", 1, 65535), Time("start_seconds", 0)],
            p => new SizeLimit((int)p["bytes"], p.Span("start_seconds"))),
        new("rate", "sends at a rate, with a queue",
            [new("bits_per_second", 1, 1e12), new("queue_bytes", 0, 1e9, 65536)],
            p => new RateLimit(new DataRate((long)p["bits_per_second"]), (int)p["queue_bytes"])),
        new("outage",
            "loses everything for a time", [Time("start_seconds"), Time("length_seconds"), Time("every_seconds", 0)],
            p => new Outage(p.Span("start_seconds"), p.Span("length_seconds"), p.Span("every_seconds"))),
        new("loss", "loses datagrams independently", [Chance("probability")],
            p => new IndependentLoss(p["probability"])),
        new("burst-loss", "loses datagrams in bursts (Gilbert-Elliott)",
            [Chance("enter"), Chance("leave"), Chance("loss_in_good", 0), Chance("loss_in_bad", 1)],
            p => new BurstLoss(p["enter"], p["leave"], p["loss_in_good"], p["loss_in_bad"])),
        new("bit-errors", "flips bits", [Chance("rate")], p => new BitErrors(p["rate"])),
        new("truncate", "cuts datagrams short", [Chance("probability")], p => new Truncation(p["probability"])),
        new("duplicate", "sends datagrams twice", [Chance("probability"), Time("window_seconds", 0)],
            p => new Duplication(p["probability"], p.Span("window_seconds"))),
        new("delay", "takes time, with jitter that keeps the order", [Time("seconds"), Time("jitter_seconds", 0)],
            p => new PathDelay(p.Span("seconds"), p.Span("jitter_seconds"))),
        new("reorder",
            "holds some datagrams back for a time within a window", [Chance("probability"), Time("window_seconds")],
            p => new Reordering(p["probability"], p.Span("window_seconds"))),
    ];

    /// <exception cref="FormatException">There is no such rule.</exception>
    public static RuleKind Find(string name) => All.FirstOrDefault(k => k.Name == name)
        ?? throw new FormatException(
            $"there is no rule '{name}': write one of {string.Join(", ", All.Select(k => k.Name))}.");

    private static RuleParameter Chance(string name, double? value = null) => new(name, 0, 1, value);

    private static RuleParameter Time(string name, double? value = null) => new(name, 0, LongestSeconds, value);
}
