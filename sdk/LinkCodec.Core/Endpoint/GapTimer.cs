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
    private Timestamp _since;

    /// <summary>The instant at which the gap has lasted too long; <see cref="Timestamp.Never"/> without one.</summary>
    public Timestamp DueAt { get; private set; } = Timestamp.Never;

    /// <summary>Names the first missing message that others wait for; null when none does.</summary>
    /// <param name="firstMissing">The message's number.</param>
    /// <param name="now">The present.</param>
    /// <param name="hopesUntil">The instant until which a repair may still come that mends it; null without
    /// repairs.</param>
    public void Set(ulong? firstMissing, Timestamp now, Timestamp? hopesUntil)
    {
        (_gap, _since) = (firstMissing, firstMissing == _gap ? _since : now);
        DueAt = firstMissing is null ? Timestamp.Never : Timestamp.Max(_since, hopesUntil ?? _since) + _patience;
    }
}
