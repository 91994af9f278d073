using LinkCodec.Core.Session;

namespace LinkCodec.Simulator.Report;

/// <summary>The result of one codec with one seed: what it got across a link.</summary>
internal sealed record RunResult
{
    public required string Codec { get; init; }

    public required ulong Seed { get; init; }

    public required long MessagesSent { get; init; }

    /// <summary>Messages that were given out and equal what was sent.</summary>
    public required long MessagesDelivered { get; init; }

    /// <summary>Messages that were given out and differ, twice or unasked: always 0.</summary>
    public required long MessagesWrong { get; init; }

    /// <summary>Bytes of the delivered messages, as they were before any coding.</summary>
    public required long DeliveredBytes { get; init; }

    /// <summary>
    /// Bytes of every datagram of both directions: handshake, reports and repetitions too, arrived or not.
    /// </summary>
    public required long AirBytes { get; init; }

    /// <summary>Bytes of every datagram of the forward direction.</summary>
    public required long ForwardBytes { get; init; }

    /// <summary>
    /// Bytes of the datagrams that the sender's session sent: without the handshake, which may be repeated.
    /// </summary>
    public required long SessionBytes { get; init; }

    /// <summary>The same bytes, by what they were for.</summary>
    public required SentBytes Sent { get; init; }

    /// <summary>
    /// The time to the last delivery if everything was delivered, else to the end of the sender's session; in seconds,
    /// the handshake included.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Payload bytes that arrived over what the forward direction could have carried by then; null on a link without a
    /// rate.
    /// </summary>
    public required double? GoodputFraction { get; init; }

    /// <summary>
    /// Half of the delivered messages took no longer from their arrival at the sender, in seconds; null when none was
    /// delivered.
    /// </summary>
    public required double? LatencyP50 { get; init; }

    public required double? LatencyP99 { get; init; }

    /// <summary>SHA-256 over the fate of every datagram.</summary>
    public required string TraceSha256 { get; init; }

    /// <summary>"complete", "time up", or why the session ended early.</summary>
    public required string Ended { get; init; }

    /// <summary>Message bytes given out by a time, ascending: for a chart.</summary>
    public required IReadOnlyList<(double Seconds, long Bytes)> Course { get; init; }

    /// <summary>Message bits delivered in a second.</summary>
    public double EffectiveBps => Seconds > 0 ? 8 * DeliveredBytes / Seconds : 0;
}
