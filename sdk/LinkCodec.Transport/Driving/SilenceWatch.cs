using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>When a sender's probes have stayed unanswered for so long that it should ask whether its receiver still has the session.</summary>
internal sealed class SilenceWatch
{
    private const int Probes = 3;

    // Before anything was heard, the handshake's own repetitions come first.
    private const int ProbesAtFirst = 12;

    private long _heard;
    private long _probesThen;
    private long _askedAt;

    /// <summary>Whether to ask now: after some probes in vain, and after as many more each time.</summary>
    public bool IsDue(in SessionStatistics statistics)
    {
        if (statistics.Heard() != _heard)
        {
            (_heard, _probesThen, _askedAt) = (statistics.Heard(), statistics.ProbesSent, 0);
            return false;
        }

        long inVain = statistics.ProbesSent - _probesThen;
        if (inVain < _askedAt + (_heard == 0 ? ProbesAtFirst : Probes))
        {
            return false;
        }

        _askedAt = inVain;
        return true;
    }
}
