namespace LinkCodec;

/// <summary>The kinds of <see cref="LinkEvent"/>.</summary>
public enum LinkEventKind
{
    /// <summary>A sender's session has begun.</summary>
    SessionBegan,

    /// <summary>A dead session was replaced by its sender's next one.</summary>
    SessionReplaced,

    /// <summary>
    /// A sender was refused, since it has no snapshot in common with this end or speaks another version.
    /// </summary>
    SenderRefused,

    /// <summary>A handshake came that fits neither the keys nor the kind of this link.</summary>
    HandshakeMisfit,

    /// <summary>
    /// Another sender was told that this end is busy: its present session is alive, or all places are taken.
    /// </summary>
    SenderTurnedAway,
}

/// <summary>
/// Something that happened at a listener beside its messages. Strangers can cause most of them: each such kind comes
/// once in ten seconds at most.
/// </summary>
/// <param name="Kind">The kind of event.</param>
/// <param name="Count">The number of such events since the last one that was told.</param>
/// <param name="Text">A line for a person.</param>
public sealed record LinkEvent(LinkEventKind Kind, long Count, string Text);
