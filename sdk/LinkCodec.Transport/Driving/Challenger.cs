using System.Net;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>A session whose peer has shown its keys while another one runs: it takes over if that one stays silent, and is told to go otherwise.</summary>
internal sealed class Challenger(LiveSession session, EstablishedKeys keys, EndPoint? from, Timestamp decideAt)
{
    public LiveSession Session => session;

    public int SnapshotIndex { get; } = keys.SnapshotIndex;

    public byte RemoteTag { get; } = keys.RemoteTag;

    /// <summary>Where its last authentic segment came from.</summary>
    public EndPoint? From { get; private set; } = from;

    /// <summary>Until when the running session may show that it is alive.</summary>
    public Timestamp DecideAt => decideAt;

    /// <summary>Whether a datagram was a new segment of it.</summary>
    public bool Takes(ReadOnlySpan<byte> datagram, EndPoint? sender, Timestamp now)
    {
        long before = session.Statistics.Heard();
        session.OnDatagram(datagram, now);
        bool taken = session.Statistics.Heard() > before;
        From = taken ? sender : From;
        return taken;
    }
}
