namespace LinkCodec.Core.Primitives;

/// <summary>What a carrier charges for a datagram: its bytes, rounded up to steps, and never less than a
/// minimum.</summary>
/// <param name="Step">Bytes of a step; 0 or 1 where each byte counts.</param>
/// <param name="Minimum">Bytes that the shortest datagram is charged as; 0 for its own.</param>
/// <param name="Header">Bytes of lower layers, such as IP and UDP, that are charged with each datagram.</param>
public readonly record struct Billing(int Step, int Minimum = 0, int Header = 0)
{
    /// <summary>The bytes that a datagram is charged as.</summary>
    /// <param name="length">Its bytes, 0 or more.</param>
    public long Of(long length)
    {
        long step = Math.Max(1, Step);
        return Math.Max(Minimum, (length + Header + step - 1) / step * step);
    }

    /// <summary>The size of a full datagram that carries most content for what it is charged.</summary>
    /// <param name="most">Bytes of the longest datagram.</param>
    /// <param name="overhead">Bytes of a datagram that are no content.</param>
    /// <returns>The longest of the best sizes: <paramref name="most"/>, or the last full step below it.</returns>
    public int BestSize(int most, int overhead)
    {
        int whole = Step > 1 ? ((most + Header) / Step * Step) - Header : most;
        bool isBetter = whole > overhead && whole < most
            && (whole - overhead) * Of(most) > (most - overhead) * Of(whole);
        return isBetter ? whole : most;
    }
}
