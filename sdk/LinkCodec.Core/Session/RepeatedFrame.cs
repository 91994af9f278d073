using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>The state of a frame that must come, END or CONTROL: it is sent again until a report has named a segment
/// that held it, and where nothing is reported it is sent a fixed number of times.</summary>
/// <param name="options">The options of the session.</param>
/// <param name="oneWaySends">The number of times that the frame is sent where nothing is reported.</param>
internal sealed class RepeatedFrame(SessionOptions options, int oneWaySends)
{
    private State _state;
    private int _sendsLeft;

    private enum State : byte
    {
        Idle,
        Pending,
        UnderWay,
    }

    /// <summary>Whether there is nothing to send and nothing to wait for: before <see cref="Start"/>, and once the
    /// frame is done with.</summary>
    public bool IsIdle => _state == State.Idle;

    /// <summary>Whether the frame is to be sent with the next segment that has room for it.</summary>
    public bool IsPending => _state == State.Pending;

    /// <summary>The instant at which a frame that nothing reports is sent again.</summary>
    public Timestamp AgainAt { get; private set; } = Timestamp.Never;

    /// <summary>Begins to send.</summary>
    public void Start()
    {
        _state = State.Pending;
        _sendsLeft = oneWaySends;
    }

    /// <summary>A segment took the frame.</summary>
    public void OnSent(Timestamp now)
    {
        if (options.HasReturnPath)
        {
            _state = State.UnderWay;
            return;
        }

        // spec 4.7-1: nobody will say whether it came.
        _sendsLeft--;
        _state = _sendsLeft > 0 ? State.UnderWay : State.Idle;
        AgainAt = _sendsLeft > 0 ? now + options.OneWayDelay : Timestamp.Never;
    }

    /// <summary>The peer reported a segment that held the frame.</summary>
    public void OnReported() => _state = State.Idle;

    /// <summary>Sends the frame again: the segment that held it was lost, or a probe asks what became of it.</summary>
    public void Repeat() => _state = _state == State.UnderWay ? State.Pending : _state;

    /// <summary>Sends the frame again when that is due.</summary>
    public void OnTimeout(Timestamp now)
    {
        if (AgainAt <= now)
        {
            AgainAt = Timestamp.Never;
            _state = State.Pending;
        }
    }
}
