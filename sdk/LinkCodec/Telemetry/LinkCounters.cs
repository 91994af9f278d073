using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>The counters behind <see cref="LinkStatistics"/>. Thread-safe.</summary>
internal sealed class LinkCounters
{
    private long _messages;
    private long _messageBytes;
    private long _predicted;
    private long _coded;
    private long _units;
    private long _earlierSent;
    private long _earlierReceived;

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

    /// <summary>Counts the bytes of a session that another has replaced.</summary>
    public void AddEarlier(SessionStatistics session)
    {
        Interlocked.Add(ref _earlierSent, session.BytesSent);
        Interlocked.Add(ref _earlierReceived, session.BytesReceived);
    }

    public LinkStatistics Snapshot(LinkDriver driver)
    {
        SessionStatistics session = driver.Statistics;
        long sent = driver.HandshakeBytesSent;
        long received = driver.HandshakeBytesReceived;
        return new LinkStatistics
        {
            Messages = Interlocked.Read(ref _messages),
            MessageBytes = Interlocked.Read(ref _messageBytes),
            PredictedBytes = Interlocked.Read(ref _predicted),
            CodedBytes = Interlocked.Read(ref _coded),
            Units = Interlocked.Read(ref _units),
            HandshakeBytes = sent + received,
            Session = session,
            BytesSent = sent + session.BytesSent + Interlocked.Read(ref _earlierSent),
            BytesReceived = received + session.BytesReceived + Interlocked.Read(ref _earlierReceived),
        };
    }
}
