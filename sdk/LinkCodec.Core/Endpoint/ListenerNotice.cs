using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>The kind of event that a <see cref="ListenerNotice"/> tells.</summary>
internal enum ListenerNoticeKind
{
    /// <summary>A peer was refused; what it asked for is not proven.</summary>
    Refused,

    /// <summary>A handshake came that fits neither the keys nor the kind of this link.</summary>
    Misfit,

    /// <summary>
    /// A peer with the right keys asked for another session while its present one is alive, or while all places are
    /// taken; it was told so.
    /// </summary>
    Busy,

    /// <summary>A dead session was replaced by its sender's next one.</summary>
    Replaced,

    /// <summary>A session has begun.</summary>
    Began,
}

/// <summary>Something that happened at a listener beside its sessions' messages.</summary>
/// <param name="Kind">The kind of event.</param>
/// <param name="Count">The number of such events since the last notice of them.</param>
/// <param name="Failure">The reason why the last peer was refused; null where none was.</param>
internal sealed record ListenerNotice(ListenerNoticeKind Kind, long Count, HandshakeFailure? Failure = null);

/// <summary>
/// Notices that wait to be told. Strangers cause most of them, so each kind comes once in a while, and counts what it
/// stands for.
/// </summary>
internal sealed class ListenerNotices
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int MaxWaiting = 64; // Whoever listens to them is slow; what does not fit is counted and told later.

    private readonly long[] _counts = new long[Enum.GetValues<ListenerNoticeKind>().Length];
    private readonly Timestamp?[] _told = new Timestamp?[Enum.GetValues<ListenerNoticeKind>().Length];
    private readonly Queue<ListenerNotice> _waiting = new();

    /// <summary>The first refusal: where a file's opening is refused, it is why nothing comes.</summary>
    public HandshakeFailure? FirstRefusal { get; private set; }

    public void Add(ListenerNoticeKind kind, Timestamp now, HandshakeFailure? failure = null)
    {
        FirstRefusal ??= failure;
        long count = ++_counts[(int)kind];
        // Only a peer that has the keys causes these events.
        bool isByPeer = kind is ListenerNoticeKind.Replaced or ListenerNoticeKind.Began;
        bool isDue = isByPeer || _told[(int)kind] is not { } told || now - told >= Pause;
        if (isDue && _waiting.Count < MaxWaiting)
        {
            _waiting.Enqueue(new ListenerNotice(kind, count, failure));
            (_told[(int)kind], _counts[(int)kind]) = (now, 0);
        }
    }

    public ListenerNotice? TryTake() => _waiting.TryDequeue(out ListenerNotice? notice) ? notice : null;
}
