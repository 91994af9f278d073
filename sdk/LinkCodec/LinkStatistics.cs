using System.Reactive.Linq;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Session;

namespace LinkCodec;

/// <summary>Counters of one end of a link, as of one moment. Sizes are bytes.</summary>
public sealed record LinkStatistics
{
    /// <summary>Messages queued at a sender, or delivered at a receiver.</summary>
    public long Messages { get; init; }

    /// <summary>Bytes of those messages.</summary>
    public long MessageBytes { get; init; }

    /// <summary>
    /// Message bytes that were predicted so far, for progress; at a receiver, of all sessions of its listener.
    /// </summary>
    public long PredictedBytes { get; init; }

    /// <summary>
    /// Payload bytes packed or unpacked, without headers: entropy-coded, or stored where coding does not help, with the
    /// lengths of those that share a frame.
    /// </summary>
    public long CodedBytes { get; init; }

    /// <summary>Message bytes that a sender has coded so far, by effort; empty at a receiver.</summary>
    public IReadOnlyDictionary<Effort, long> EffortBytes { get; init; } = new Dictionary<Effort, long>();

    /// <summary>Segments packed or unpacked that hold message content.</summary>
    public long Units { get; init; }

    /// <summary>Bytes of the handshake in both directions; at a receiver, of all handshakes of its listener.</summary>
    public long HandshakeBytes { get; init; }

    /// <summary>The session's own counters: datagrams and bytes each way, losses, repairs.</summary>
    public SessionStatistics Session { get; init; }

    /// <summary>
    /// Bytes that this end has put on the link: handshake and segments, headers, tags and checks included.
    /// </summary>
    public long BytesSent { get; init; }

    /// <summary>The bytes that the carrier charges those as, by <see cref="LinkOptions.Billing"/>.</summary>
    public long BytesBilled { get; init; }

    /// <summary>The bytes sent, by what they were for; at a receiver, with the handshakes of its listener.</summary>
    public SentBytes Sent { get; init; }

    /// <summary>Bytes that came from the link.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Counters twice a second, from subscription to the end.</summary>
    internal static IObservable<LinkStatistics> Sample(Func<LinkStatistics> read, Func<bool> hasEnded) =>
        Observable.Interval(TimeSpan.FromMilliseconds(500)).Select(_ => read()).TakeUntil(_ => hasEnded());

    internal static LinkStatistics Of(
        MessageCounters messages, SessionStatistics session, (long Sent, long Received, long Billed) handshake,
        long predicted, long spared) =>
        new()
    {
        Messages = messages.Messages,
        MessageBytes = messages.MessageBytes - spared,
        PredictedBytes = predicted,
        CodedBytes = messages.CodedBytes,
        EffortBytes = new Dictionary<Effort, long>(messages.EffortBytes),
        Units = messages.Units,
        HandshakeBytes = handshake.Sent + handshake.Received,
        Session = session,
        BytesSent = handshake.Sent + session.BytesSent,
        BytesBilled = handshake.Billed + session.BytesBilled,
        Sent = session.Sent with { Handshake = handshake.Sent },
        BytesReceived = handshake.Received + session.BytesReceived,
    };
}
