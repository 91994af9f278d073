using LinkCodec.Core.Session;

namespace LinkCodec;

/// <summary>The counters behind <see cref="LinkStatistics"/>. Thread-safe.</summary>
internal sealed class LinkCounters
{
    private long _messages;
    private long _messageBytes;
    private long _predicted;
    private long _coded;
    private long _units;
    private long _handshakeSent;
    private long _handshakeReceived;

    public void AddMessage(int bytes)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _messageBytes, bytes);
    }

    public void AddCoded(int symbols) => Interlocked.Add(ref _predicted, symbols);

    public void AddUnit(long coded)
    {
        Interlocked.Increment(ref _units);
        Interlocked.Add(ref _coded, coded);
    }

    public void AddHandshake(int sent, int received)
    {
        Interlocked.Add(ref _handshakeSent, sent);
        Interlocked.Add(ref _handshakeReceived, received);
    }

    public LinkStatistics Snapshot(SessionStatistics session)
    {
        long handshakeSent = Interlocked.Read(ref _handshakeSent);
        long handshakeReceived = Interlocked.Read(ref _handshakeReceived);
        return new LinkStatistics
        {
            Messages = Interlocked.Read(ref _messages),
            MessageBytes = Interlocked.Read(ref _messageBytes),
            PredictedBytes = Interlocked.Read(ref _predicted),
            CodedBytes = Interlocked.Read(ref _coded),
            Units = Interlocked.Read(ref _units),
            HandshakeBytes = handshakeSent + handshakeReceived,
            Session = session,
            BytesSent = handshakeSent + session.BytesSent,
            BytesReceived = handshakeReceived + session.BytesReceived,
        };
    }
}
