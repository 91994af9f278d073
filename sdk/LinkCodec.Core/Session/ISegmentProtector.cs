namespace LinkCodec.Core.Session;

/// <summary>What became of a datagram that was opened.</summary>
internal enum OpenStatus
{
    /// <summary>Authentic and new: the plaintext is there.</summary>
    Opened,

    /// <summary>Not authentic.</summary>
    Forged,

    /// <summary>Its counter was opened before or is older than the replay window; whether it is authentic was not looked at.</summary>
    Replayed,
}

/// <summary>Seals and opens the segments of one session: all that a live session knows of cryptography.</summary>
internal interface ISegmentProtector : IDisposable
{
    /// <summary>Bytes that sealing adds to a plaintext.</summary>
    int Overhead { get; }

    /// <summary>Whether <see cref="Seal"/> may be called: false at the receiving end of a one-way link.</summary>
    bool CanSeal => true;

    /// <summary>The counter that the next <see cref="Seal"/> uses. Starts at 0, grows by one.</summary>
    ulong NextCounter { get; }

    /// <summary>Seals <paramref name="plaintext"/> into <paramref name="destination"/> and returns the bytes written.</summary>
    int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>Opens a datagram into <paramref name="plaintext"/>, which is at least as long as the datagram. Never throws on peer bytes.</summary>
    OpenStatus TryOpen(ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length, out ulong counter);
}
