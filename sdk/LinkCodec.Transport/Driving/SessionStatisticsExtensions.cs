using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>What drivers read out of a session's counters.</summary>
internal static class SessionStatisticsExtensions
{
    /// <summary>How many datagrams only the peer can have sent, each counted once.</summary>
    public static long Heard(this in SessionStatistics statistics) => statistics.DatagramsReceived - statistics.Forged - statistics.Replayed;
}
