using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Tells when a receiver on a path without a way back takes a silence after the sender's END for the end: what is late
/// comes soon, and nothing comes again.
/// </summary>
internal sealed class ClosingLinger(TimeSpan oneWayDelay)
{
    private readonly TimeSpan _silence = (4 * oneWayDelay) + TimeSpan.FromSeconds(2);

    /// <summary>
    /// The instant to close at if nothing is heard before; <see cref="Timestamp.Never"/> before the END.
    /// </summary>
    public Timestamp DueAt { get; private set; } = Timestamp.Never;

    /// <summary>Something was heard, and the END with it or before.</summary>
    public void OnHeard(Timestamp now) => DueAt = now + _silence;
}
