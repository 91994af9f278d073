namespace LinkCodec;

/// <summary>From units that were reported, in any order, to the messages that the other end has whole without a gap.</summary>
/// <remarks>Holds what the session's window holds at most. Not thread-safe.</remarks>
internal sealed class AcknowledgedMessages
{
    private readonly Queue<(long Unit, ulong EndMessage)> _sent = new();
    private readonly HashSet<long> _early = [];
    private ulong _end;

    /// <summary>A unit with the next number; the messages below <paramref name="endMessage"/> are whole with it.</summary>
    public void OnSent(long unit, ulong endMessage) => _sent.Enqueue((unit, endMessage));

    /// <summary>A unit was reported: all messages below the result were.</summary>
    public ulong OnAcknowledged(long unit)
    {
        _early.Add(unit);
        while (_sent.TryPeek(out (long Unit, ulong EndMessage) oldest) && _early.Remove(oldest.Unit))
        {
            _end = oldest.EndMessage;
            _sent.Dequeue();
        }

        return _end;
    }
}
