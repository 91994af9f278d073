using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>An event that a session has to tell. Its content belongs to whoever takes it.</summary>
internal readonly struct SessionEvent
{
    /// <summary>The kind of event.</summary>
    public SessionEventKind Kind { get; internal init; }

    /// <summary><see cref="SessionEventKind.UnitReceived"/>: the unit's data frames, one or more, with memory of their
    /// own; empty for other events.</summary>
    public IReadOnlyList<DataFrame> Frames { get => field ?? []; internal init; }

    /// <summary><see cref="SessionEventKind.ControlReceived"/>: the control map; empty for other events.</summary>
    public byte[] Control { get => field ?? []; internal init; }

    /// <summary><see cref="SessionEventKind.UnitAcknowledged"/>: the id that the unit was enqueued with.</summary>
    public long UnitId { get; internal init; }

    /// <summary><see cref="SessionEventKind.PeerEnded"/>: messages that the peer sends in all.</summary>
    public ulong TotalMessages { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: why.</summary>
    public LinkErrorCode Error { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: a line for a person, perhaps empty. From the peer when
    /// <see cref="ByPeer"/>: don't trust it.</summary>
    public string? Text { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: whether the peer closed.</summary>
    public bool ByPeer { get; internal init; }

    /// <summary>The bytes that the event counts against <see cref="SessionOptions.ReceiveBufferBytes"/> until it is
    /// taken.</summary>
    internal long Cost { get; init; }
}
