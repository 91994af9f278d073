using LinkCodec.Core.Primitives;

namespace LinkCodec;

/// <summary>How long a one-way receiver waits for a missing message before it gives out those behind it: what is late comes soon, and what is lost never.</summary>
/// <remarks>The decoding task says that there is a gap, the driver's time says when it has lasted too long.</remarks>
internal sealed class GapClock(TimeSpan oneWayDelay)
{
    private const ulong None = ulong.MaxValue;

    // Paths reorder by less than they delay; where no delay was said, by less than a second.
    private readonly TimeSpan _patience = oneWayDelay + TimeSpan.FromSeconds(1);
    private ulong _gap = None;
    private ulong _seen = None; // By the driver.
    private ulong _over = None;
    private Timestamp _since;

    /// <summary>When <see cref="Update"/> is due; <see cref="Timestamp.Never"/> without a gap.</summary>
    public Timestamp DueAt => _seen == Volatile.Read(ref _over) ? Timestamp.Never : _since + _patience;

    /// <summary>Names the first missing message that others wait for; null when none does.</summary>
    public void Set(ulong? firstMissing) => Volatile.Write(ref _gap, firstMissing ?? None);

    /// <summary>Tells the time; true when the gap has just become too old.</summary>
    public bool Update(Timestamp now)
    {
        ulong gap = Volatile.Read(ref _gap);
        if (gap != _seen)
        {
            (_seen, _since) = (gap, now);
        }

        if (gap == None || DueAt > now)
        {
            return false;
        }

        Volatile.Write(ref _over, gap);
        return true;
    }

    /// <summary>Whether the wait for this message is over.</summary>
    public bool IsOver(ulong firstMissing) => Volatile.Read(ref _over) == firstMissing;
}
