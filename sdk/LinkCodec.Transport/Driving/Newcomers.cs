using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>Peers that asked for a session while another one runs. Each counts only once a segment opens under its keys: its handshake may be a replay.</summary>
internal sealed class Newcomers
{
    private const int Capacity = 4; // Whoever can make more than these has this end's peer's key, or replays; both are noise.

    private readonly Queue<LiveSession> _sessions = new();

    /// <summary>Keeps a peer; forgets the oldest beyond the capacity.</summary>
    public void Add(EstablishedKeys keys, int maxDatagramSize, Timestamp now)
    {
        if (!keys.CanSend || !keys.CanReceive)
        {
            return;
        }

        if (_sessions.Count == Capacity)
        {
            _sessions.Dequeue().Dispose();
        }

        _sessions.Enqueue(LiveSession.Create(new SessionOptions { MaxDatagramSize = maxDatagramSize }, keys, now));
    }

    /// <summary>Whether a datagram is a segment of one of them; if so, what tells that one that it is not served.</summary>
    public bool TryTake(ReadOnlySpan<byte> datagram, Timestamp now, [NotNullWhen(true)] out byte[]? farewell)
    {
        foreach (LiveSession session in _sessions)
        {
            session.OnDatagram(datagram, now);
            SessionStatistics statistics = session.Statistics;
            if (statistics.DatagramsReceived > statistics.Forged + statistics.Replayed)
            {
                session.Close(LinkErrorCode.Canceled, now, "This end was in another session; start both anew.");
                farewell = new byte[session.MaxDatagramSize];
                session.TryTransmit(farewell, now, out int length);
                Array.Resize(ref farewell, length);
                Clear();
                return true;
            }
        }

        farewell = null;
        return false;
    }

    /// <summary>Forgets all of them and their keys.</summary>
    public void Clear()
    {
        while (_sessions.TryDequeue(out LiveSession? session))
        {
            session.Dispose();
        }
    }
}
