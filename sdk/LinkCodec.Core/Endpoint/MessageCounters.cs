namespace LinkCodec.Core.Endpoint;

/// <summary>The counters of one direction of messages.</summary>
internal sealed class MessageCounters
{
    /// <summary>Messages queued at a sender, or given out by a receiver.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes of those messages.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>Segments with message content that were packed or unpacked.</summary>
    public long Units { get; private set; }

    /// <summary>Payload bytes in them, without headers.</summary>
    public long CodedBytes { get; private set; }

    /// <summary>Message bytes that were coded so far with each effort.</summary>
    public Dictionary<Effort, long> EffortBytes { get; } = [];

    public void AddCoded(Effort effort, long messageBytes) =>
        EffortBytes[effort] = EffortBytes.GetValueOrDefault(effort) + messageBytes;

    public void AddMessage(int bytes)
    {
        Messages++;
        MessageBytes += bytes;
    }

    public void AddUnit(long coded)
    {
        Units++;
        CodedBytes += coded;
    }
}
