using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Clock;

/// <summary>
/// Virtual time: a queue of events in microseconds, run in order of time and, at one instant, in the order they were
/// asked for.
/// </summary>
/// <remarks>Nothing waits: an hour of virtual time costs what its events cost. Not thread-safe.</remarks>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<Action, (Timestamp At, long Order)> _events = new();
    private long _order;

    public Timestamp Now { get; private set; }

    /// <summary>The time of the next event; <see cref="Timestamp.Never"/> when there is none.</summary>
    public Timestamp NextEvent =>
        _events.TryPeek(out _, out (Timestamp At, long Order) next) ? next.At : Timestamp.Never;

    /// <summary>Runs <paramref name="action"/> at an instant, or now if that has passed.</summary>
    public void At(Timestamp at, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (at != Timestamp.Never)
        {
            _events.Enqueue(action, (Timestamp.Max(at, Now), _order++));
        }
    }

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>
    /// Moves to the next event and runs it; <see langword="false"/>, with the time left as it was, when it is due after
    /// <paramref name="limit"/> or there is none.
    /// </summary>
    public bool RunNext(Timestamp limit)
    {
        if (NextEvent > limit || !_events.TryDequeue(out Action? action, out (Timestamp At, long Order) due))
        {
            return false;
        }

        Now = due.At;
        action();
        return true;
    }

    /// <summary>Moves time on to an instant before which nothing is due.</summary>
    public void AdvanceTo(Timestamp at)
    {
        if (NextEvent < at)
        {
            throw new InvalidOperationException("An event would be skipped.");
        }

        Now = Timestamp.Max(Now, at);
    }
}
