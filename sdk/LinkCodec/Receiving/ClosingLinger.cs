using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec;

/// <summary>
/// When a receiver that has everything may stop answering. Its last reports may have been lost, and then the sender goes on asking, at
/// growing intervals: so it waits until nothing was heard for a time, and for longer when the sender's questions come further apart.
/// </summary>
/// <param name="least">The shortest silence.</param>
internal sealed class ClosingLinger(TimeSpan least)
{
    // A sender asks every ten seconds, or more seldom where its datagrams take long: then the intervals say so.
    private static readonly TimeSpan Question = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    // One question may be lost without the silence being taken for the end: intervals grow by a quarter, and 1 + 1.25 is below 3.
    private const int Intervals = 3;

    private Timestamp? _quietSince;
    private TimeSpan _longest;
    private long _heard;

    /// <summary>When to close if nothing is heard before; <see cref="Timestamp.Never"/> before <see cref="Update"/>.</summary>
    public Timestamp DueAt => _quietSince is { } since ? since + Silence : Timestamp.Never;

    private TimeSpan Silence => Intervals * _longest > least ? Intervals * _longest : least;

    /// <summary>For a link; where nothing is answered, nobody asks.</summary>
    public static ClosingLinger For(LinkOptions options) => new((4 * options.OneWayDelay) + (options.HasReturnPath ? Question : LastWords));

    /// <summary>Looks at what the session has heard; to be called after every datagram from when everything is there.</summary>
    public void Update(in SessionStatistics statistics, Timestamp now)
    {
        long heard = statistics.DatagramsReceived - statistics.Forged - statistics.Replayed;
        if (_quietSince is not null && heard == _heard)
        {
            return;
        }

        TimeSpan interval = _quietSince is null ? TimeSpan.Zero : now - _quietSince.Value;
        _longest = interval > _longest ? interval : _longest;
        (_quietSince, _heard) = (now, heard);
    }
}
