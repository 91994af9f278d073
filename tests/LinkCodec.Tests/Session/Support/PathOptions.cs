using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Session.Support;

/// <summary>What one direction of a simulated path does to datagrams.</summary>
internal sealed record PathOptions
{
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(300);

    public DataRate Rate { get; init; }

    public double Loss { get; init; }

    /// <summary>
    /// Gilbert's bursts: the chances, at each datagram, that a burst begins and that it ends; everything in a burst is
    /// lost.
    /// </summary>
    public (double Begins, double Ends) Bursts { get; init; } = (0, 1);

    public double Duplicate { get; init; }

    /// <summary>How often each datagram that is not lost arrives.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Bit error rate.</summary>
    public double BitErrors { get; init; }

    /// <summary>The chance that one to three bytes are changed, or the end cut off.</summary>
    public double Damage { get; init; }

    /// <summary>Datagrams that are shuffled among each other; 1 keeps the order.</summary>
    public int ShuffleWindow { get; init; } = 1;

    /// <summary>Whether the path is dead at an instant.</summary>
    public Func<Timestamp, bool> IsDead { get; init; } = _ => false;

    /// <summary>Whether a datagram, by its number on this path, is lost beside what <see cref="Loss"/> takes.</summary>
    public Func<int, bool> Drops { get; init; } = _ => false;
}
