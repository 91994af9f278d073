using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>Lets datagrams out at the configured rate; knows nothing of losses.</summary>
internal struct Pacer(DataRate rate, int maxDatagramSize)
{
    // The pacer is the virtual scheduling algorithm of ITU-T I.371, annex A: it keeps the instant at which the link
    // would have carried all that was sent, and lets a datagram out that much before it. Timers are late by a
    // millisecond or two: so much is sent ahead that the link does not run empty meanwhile.
    private readonly TimeSpan _tolerance = rate.TimeFor(maxDatagramSize) + TimeSpan.FromMilliseconds(4);
    private Timestamp _linkFreeAt = new(long.MinValue);

    /// <summary>The instant at which the next datagram may leave.</summary>
    public readonly Timestamp ReadyAt => rate.IsUnlimited ? new Timestamp(long.MinValue) : _linkFreeAt + -_tolerance;

    /// <summary>Counts a datagram of <paramref name="bytes"/> bytes.</summary>
    public void OnSent(int bytes, Timestamp now) =>
        _linkFreeAt = Timestamp.Max(_linkFreeAt, now) + rate.TimeFor(bytes); // spec 4.5-5
}
