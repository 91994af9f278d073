namespace LinkCodec.Simulator.Channel;

/// <summary>A rule's verdict on one datagram.</summary>
/// <param name="Drop">The reason why the datagram goes no further; null when it does.</param>
/// <param name="Hold">The time that the datagram is held before the next rule; not negative.</param>
/// <param name="Length">The bytes that are left of the datagram; -1 for all.</param>
/// <param name="FlippedBits">Bits that the rule flipped in place.</param>
/// <param name="CopyAfter">A second copy goes on this much after the first; null for none.</param>
internal readonly record struct Verdict(Fate? Drop, TimeSpan Hold, int Length, int FlippedBits, TimeSpan? CopyAfter)
{
    public static Verdict Pass => new(null, TimeSpan.Zero, -1, 0, null);

    public static Verdict Dropped(Fate why) => Pass with { Drop = why };

    public static Verdict Held(TimeSpan hold) => Pass with { Hold = hold };

    public static Verdict CutTo(int length) => Pass with { Length = length };

    public static Verdict Flipped(int bits) => Pass with { FlippedBits = bits };

    public static Verdict Doubled(TimeSpan copyAfter) => Pass with { CopyAfter = copyAfter };
}
