using LinkCodec.Core.Endpoint;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulator.Runs;

/// <summary>The input that is the same for every codec and seed of a comparison.</summary>
/// <param name="Scenario">The link.</param>
/// <param name="Messages">The messages, in the order of sending.</param>
/// <param name="Interval">Time from one message to the next; zero to have all at once at the start.</param>
/// <param name="Duration">Virtual time after which a run is cut off.</param>
/// <param name="Context">The contexts that messages start from.</param>
/// <param name="CodingSpeed">Message bytes that an end codes or decodes in a second; 0 where that takes no virtual
/// time.</param>
/// <param name="FillSegments">Whether messages wait until a segment is full or the last one has come.</param>
/// <param name="Effort">The work that LinkCodec spends on segments.</param>
/// <param name="MaxDelay">How long a message may wait for others; null for the default.</param>
/// <param name="CodeRate">The share of segments that are no repairs; null where losses decide.</param>
/// <param name="RepairReach">Segments that a repair reaches back where nothing is reported.</param>
internal sealed record RunInput(
    Scenario Scenario,
    IReadOnlyList<ReadOnlyMemory<byte>> Messages,
    TimeSpan Interval,
    TimeSpan Duration,
    ContextMode Context = ContextMode.Acknowledged,
    double CodingSpeed = 0,
    bool FillSegments = false,
    Effort Effort = Effort.Auto,
    TimeSpan? MaxDelay = null,
    double? CodeRate = null,
    int RepairReach = 1024);
