using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Session;

/// <summary>Seals and opens the segments of one session: all that a live session knows of cryptography.</summary>
internal interface ISegmentProtector : IDisposable
{
    /// <summary>Bytes that sealing adds to a plaintext.</summary>
    int Overhead { get; }

    /// <summary>Whether <see cref="Seal"/> may be called: false at the receiving end of a one-way link.</summary>
    bool CanSeal => true;

    /// <summary>The counter that the next <see cref="Seal"/> uses. Starts at 0, grows by one.</summary>
    ulong NextCounter { get; }

    /// <summary>Seals <paramref name="plaintext"/> into <paramref name="destination"/> and returns the bytes
    /// written.</summary>
    int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>Opens a datagram into <paramref name="plaintext"/>, which is at least as long as the datagram. Never
    /// throws on peer bytes; the plaintext is there when the result is <see cref="SegmentStatus.Opened"/>.</summary>
    SegmentStatus TryOpen(ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length, out ulong counter);

    /// <summary>Takes the segment of a counter below the highest opened for opened, since its content was computed:
    /// false where it was opened before, or is too old to tell.</summary>
    bool TryTakeAsOpened(ulong counter);

    /// <summary>Whether a segment was opened under the session's own keys: not only early ones.</summary>
    bool HasOpenedOwn => true;

    /// <summary>Goes on from the key of early segments to those of the handshake, under the same counters.</summary>
    void Confirm(EstablishedKeys keys) => throw new InvalidOperationException("The session is not an early one.");

    /// <summary>Goes on to the next key where that is due, and forgets old ones. To be called before segments are
    /// sealed, and when some were opened.</summary>
    void OnTime(Timestamp now)
    {
    }
}
