using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Times how long a one-way receiver waits for a missing message before it gives out those behind it: what is late
/// comes soon, and what is lost never.
/// </summary>
internal sealed class GapTimer(TimeSpan oneWayDelay)
{
    // Paths reorder by less than they delay; where no delay was said, by less than a second.
    private readonly TimeSpan _patience = oneWayDelay + TimeSpan.FromSeconds(1);
    private ulong? _gap;

    /// <summary>The instant at which the gap has lasted too long; <see cref="Timestamp.Never"/> without one.</summary>
    public Timestamp DueAt { get; private set; } = Timestamp.Never;

    /// <summary>Names the first missing message that others wait for; null when none does.</summary>
    public void Set(ulong? firstMissing, Timestamp now)
    {
        if (firstMissing != _gap)
        {
            (_gap, DueAt) = (firstMissing, firstMissing is null ? Timestamp.Never : now + _patience);
        }
    }
}
