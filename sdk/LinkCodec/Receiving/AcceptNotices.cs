using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>Lines for a person about what reaches a receiver beside its session.</summary>
/// <remarks>Strangers cause them, so each kind comes once in a while and counts what it stands for. Not thread-safe: the driver calls.</remarks>
internal sealed class AcceptNotices(TimeProvider time) : IAcceptObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Kind _refused = new();
    private readonly Kind _misfit = new();
    private readonly Kind _busy = new();

    /// <summary>Takes the lines; null for nobody.</summary>
    public Action<string>? Tell { get; set; }

    public void OnRefused(HandshakeFailure failure) =>
        Count(_refused, n => n == 1 ? $"refused a sender: {failure.Message}" : $"refused senders {n} times, the last: {failure.Message}");

    public void OnMisfit() => Count(_misfit, n => n == 1
        ? "dropped 1 handshake that does not fit these keys (or one end is one-way and the other is not)"
        : $"dropped {n} handshakes that do not fit these keys (or one end is one-way and the other is not)");

    public void OnBusy() => Count(_busy, n => n == 1 ? "told another sender that this end is busy" : $"told other senders {n} times that this end is busy");

    /// <summary>A dead session was replaced.</summary>
    public void OnReplaced(ulong unfinished) =>
        Tell?.Invoke($"a new session of the sender replaces the one that fell silent; {unfinished} messages of it were not finished");

    private void Count(Kind kind, Func<long, string> line)
    {
        kind.Waiting++;
        long now = time.GetTimestamp();
        if (kind.Told is not { } told || time.GetElapsedTime(told, now) >= Pause)
        {
            Tell?.Invoke(line(kind.Waiting));
            (kind.Told, kind.Waiting) = (now, 0);
        }
    }

    private sealed class Kind
    {
        internal long Waiting { get; set; }

        internal long? Told { get; set; }
    }
}

/// <summary>Remembers why the opening of a one-way link was refused, for the end of a file; on a link with strangers each refusal is told at once.</summary>
internal sealed class AcceptNoticesOfFile(IAcceptObserver others, bool tells) : IAcceptObserver
{
    public HandshakeFailure? Refused { get; private set; }

    public void OnRefused(HandshakeFailure failure)
    {
        Refused ??= failure;
        if (tells)
        {
            others.OnRefused(failure);
        }
    }

    public void OnMisfit() => others.OnMisfit();

    public void OnBusy() => others.OnBusy();
}
