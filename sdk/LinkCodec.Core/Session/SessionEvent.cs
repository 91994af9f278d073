using System.Buffers;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>One thing that a session has to tell. Whoever takes it owns its <see cref="Payload"/> and disposes it.</summary>
public readonly struct SessionEvent
{
    /// <summary>What it tells.</summary>
    public SessionEventKind Kind { get; internal init; }

    /// <summary><see cref="SessionEventKind.UnitAcknowledged"/>: the id that the unit was enqueued with.</summary>
    public long UnitId { get; internal init; }

    /// <summary><see cref="SessionEventKind.PeerEnded"/>: messages that the peer sends in all.</summary>
    public ulong TotalMessages { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: why.</summary>
    public LinkErrorCode Error { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: a line for a person, perhaps empty. From the peer when <see cref="ByPeer"/>: don't trust it.</summary>
    public string? Text { get; internal init; }

    /// <summary><see cref="SessionEventKind.Closed"/>: whether the peer closed.</summary>
    public bool ByPeer { get; internal init; }

    /// <summary>The unit or the control map, exactly as long as it came; null for other events. Pooled: dispose it once.</summary>
    public IMemoryOwner<byte>? Payload { get; internal init; }
}
