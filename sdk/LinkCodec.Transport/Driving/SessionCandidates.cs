using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>Sessions that a handshake was made for. Each counts only once a segment opens under its keys: its handshake may be a replay (spec 2.5-3).</summary>
internal sealed class SessionCandidates : IDisposable
{
    private const int Capacity = 4; // Whoever can make more than these has this end's peer's key, or replays; both are noise.

    private readonly Queue<(LiveSession Session, int Snapshot)> _sessions = new();

    /// <summary>Keeps a session, and owns it; forgets the oldest beyond the capacity.</summary>
    public void Add(LiveSession session, int snapshot)
    {
        if (_sessions.Count == Capacity)
        {
            _sessions.Dequeue().Session.Dispose();
        }

        _sessions.Enqueue((session, snapshot));
    }

    /// <summary>Whether a datagram is a segment of one of them, which has then taken it; the caller owns that session, the others are forgotten.</summary>
    public bool TryTake(ReadOnlySpan<byte> datagram, Timestamp now, [NotNullWhen(true)] out LiveSession? session, out int snapshot)
    {
        foreach ((LiveSession candidate, int index) in _sessions)
        {
            candidate.OnDatagram(datagram, now);
            SessionStatistics statistics = candidate.Statistics;
            if (statistics.DatagramsReceived > statistics.Forged + statistics.Replayed)
            {
                (session, snapshot) = (candidate, index);
                Clear(but: candidate);
                return true;
            }
        }

        (session, snapshot) = (null, 0);
        return false;
    }

    /// <summary>Forgets all of them and their keys.</summary>
    public void Clear() => Clear(but: null);

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Clear(LiveSession? but)
    {
        while (_sessions.TryDequeue(out (LiveSession Session, int Snapshot) candidate))
        {
            if (candidate.Session != but)
            {
                candidate.Session.Dispose();
            }
        }
    }
}
