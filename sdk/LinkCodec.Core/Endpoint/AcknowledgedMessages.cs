namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Keeps track of the units that were reported, in any order, and tells which messages the other end has whole without
/// a gap.
/// </summary>
/// <remarks>Holds what the session's window holds at most.</remarks>
internal sealed class AcknowledgedMessages
{
    private readonly Queue<(long Unit, ulong EndMessage)> _sent = new();
    private readonly HashSet<long> _early = [];

    /// <summary>The number below which all messages were reported.</summary>
    public ulong End { get; private set; }

    /// <summary>
    /// A unit with the next number was sent; the messages below <paramref name="endMessage"/> are whole with it.
    /// </summary>
    public void OnSent(long unit, ulong endMessage) => _sent.Enqueue((unit, endMessage));

    /// <summary>A unit was reported.</summary>
    public void OnAcknowledged(long unit)
    {
        _early.Add(unit);
        while (_sent.TryPeek(out (long Unit, ulong EndMessage) oldest) && _early.Remove(oldest.Unit))
        {
            End = oldest.EndMessage;
            _sent.Dequeue();
        }
    }
}
