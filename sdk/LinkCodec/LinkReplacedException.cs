namespace LinkCodec;

/// <summary>
/// A receiver's session fell silent, and its sender has begun another one, which <see cref="LinkListener.AcceptAsync"/>
/// gives.
/// </summary>
/// <param name="unfinished">Messages of the session that were not finished.</param>
public sealed class LinkReplacedException(ulong unfinished)
    : Exception(
        $"a new session of the sender replaces the one that fell silent; {unfinished} messages of it were not finished")
{
    /// <summary>Messages of the session that were not finished: they are lost.</summary>
    public ulong Unfinished => unfinished;
}
