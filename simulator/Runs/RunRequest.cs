using LinkCodec.Core.Endpoint;
using LinkCodec.Models;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulator.Runs;

/// <summary>A comparison as a person asked for it.</summary>
internal sealed record RunRequest
{
    public required Scenario Scenario { get; init; }

    /// <summary>The file with the messages.</summary>
    public required string Input { get; init; }

    public MessageFormat Format { get; init; }

    /// <summary>Names of <see cref="RunCodecs"/>; null for all that can be had.</summary>
    public IReadOnlyList<string>? Codecs { get; init; }

    public string Snapshot { get; init; } = LinkSnapshots.None;

    /// <summary>The device that a language model runs on.</summary>
    public ModelDevice Device { get; init; }

    /// <summary>A file with messages to train a dictionary with, or null.</summary>
    public string? Train { get; init; }

    public ulong Seed { get; init; } = 1;

    public int Seeds { get; init; } = 1;

    public TimeSpan Duration { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan Interval { get; init; }

    /// <summary>A file for the datagrams of the first codec and seed, or null.</summary>
    public string? Pcap { get; init; }

    public int Threads { get; init; }

    /// <summary>The contexts that LinkCodec's messages start from.</summary>
    public ContextMode Context { get; init; }

    /// <summary>The work that LinkCodec spends on segments.</summary>
    public Effort Effort { get; init; }

    /// <summary>How long a message may wait for others; null for the default.</summary>
    public TimeSpan? MaxDelay { get; init; }

    /// <summary>The share of segments that are no repairs; null where losses decide.</summary>
    public double? CodeRate { get; init; }

    /// <summary>Segments that a repair reaches back where nothing is reported.</summary>
    public int RepairReach { get; init; } = 1024;

    /// <summary>Message bytes that an end codes or decodes in a second; 0 where that takes no virtual time.</summary>
    public double CodingSpeed { get; init; }
}
