namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Tells when a sender's probes have stayed unanswered for so long that it should ask whether its receiver still has
/// the session.
/// </summary>
internal sealed class SilenceWatch
{
    public const int Probes = 3;

    // Before anything was heard, the handshake's own repetitions come first.
    private const int ProbesAtFirst = 12;

    private long _step = ProbesAtFirst;
    private long _askAt = ProbesAtFirst;

    /// <summary>Something authentic was heard.</summary>
    public void OnHeard(long probesSent) => (_step, _askAt) = (Probes, probesSent + Probes);

    /// <summary>Whether to ask now: after some probes in vain, and after as many more each time.</summary>
    public bool IsDue(long probesSent)
    {
        bool due = probesSent >= _askAt;
        _askAt = due ? probesSent + _step : _askAt;
        return due;
    }
}
