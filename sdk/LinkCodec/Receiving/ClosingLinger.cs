using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec;

/// <summary>When a receiver on a path without a way back takes a silence after the sender's END for the end: what is late comes soon, and nothing comes again.</summary>
internal sealed class ClosingLinger(TimeSpan oneWayDelay)
{
    private readonly TimeSpan _silence = (4 * oneWayDelay) + TimeSpan.FromSeconds(2);
    private Timestamp? _quietSince;
    private long _heard;

    /// <summary>When to close if nothing is heard before; <see cref="Timestamp.Never"/> before <see cref="Update"/>.</summary>
    public Timestamp DueAt => _quietSince is { } since ? since + _silence : Timestamp.Never;

    /// <summary>Looks at what the session has heard; to be called after every datagram from the END on.</summary>
    public void Update(in SessionStatistics statistics, Timestamp now)
    {
        long heard = statistics.DatagramsReceived - statistics.Forged - statistics.Replayed;
        if (_quietSince is null || heard != _heard)
        {
            (_quietSince, _heard) = (now, heard);
        }
    }
}
