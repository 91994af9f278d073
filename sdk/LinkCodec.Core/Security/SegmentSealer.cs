using System.Diagnostics.CodeAnalysis;

namespace LinkCodec.Core.Security;

/// <summary>
/// Seals segments for one direction of a session: 20 bytes more than the plaintext, every counter used once.
/// </summary>
/// <remarks>
/// <para>Spec: protocol-spec/03-segments.md. Source: RFC 8439; Noise revision 34, section 11.3.</para>
/// <para>Owns its keys and erases them on dispose; a key is erased as soon as its epoch (2^20 segments) is over. Not
/// thread-safe. Cost: one pass of ChaCha20-Poly1305 over the plaintext, no allocation but at a change of epoch.</para>
/// </remarks>
internal sealed class SegmentSealer : IDisposable
{
    /// <summary>Bytes that a sealed segment has beyond its plaintext: header 4, authentication tag 16.</summary>
    public const int Overhead = SegmentHeader.Length + CipherState.TagLength;

    /// <summary>Largest counter: 2^62 - 1.</summary>
    public const ulong MaxCounter = SegmentHeader.MaxCounter;

    private readonly byte _tag;
    private readonly EpochKeys _keys;
    private ulong _next;

    /// <summary>A sealer under a transport key of 32 bytes, which is copied.</summary>
    /// <param name="key">The key of epoch 0; 32 bytes.</param>
    /// <param name="tag">The tag that the receiver chose, 0 to 127.</param>
    /// <param name="firstCounter">First counter to use, above every one ever used with this key. Costs one key
    /// derivation for each 2^20.</param>
    /// <exception cref="ArgumentException">The key does not have 32 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tag or the counter is too large.</exception>
    public SegmentSealer(ReadOnlySpan<byte> key, byte tag, ulong firstCounter = 0)
        : this(Import(key), tag, firstCounter)
    {
    }

    internal SegmentSealer(CipherState cipher, byte tag, ulong firstCounter, ulong cipherEpoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, SegmentHeader.MaxTag);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstCounter, MaxCounter);
        _tag = tag;
        _next = firstCounter;
        _keys = new EpochKeys(cipher, cipherEpoch, SegmentHeader.EpochOf(firstCounter));
    }

    /// <summary>The counter of the next segment; 2^62 when every one is used.</summary>
    public ulong NextCounter => _next;

    /// <summary>How often <see cref="Ratchet"/> was called.</summary>
    public ulong Ratchets { get; private set; }

    /// <summary>
    /// Goes on with the next key, and erases the present one: what was sealed before stays closed to whoever takes this
    /// machine's memory from now on.
    /// </summary>
    // spec 3.5-1
    public void Ratchet() => Ratchets++;

    /// <summary>Seals <paramref name="plaintext"/> under the next counter.</summary>
    /// <param name="plaintext">Frames; may be empty.</param>
    /// <param name="destination">Room for 20 bytes more than the plaintext. It may overlap the plaintext only if that
    /// starts at its fifth byte.</param>
    /// <param name="counter">The counter that the segment carries.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when every counter is used: the session must end (a new handshake gives new keys).</returns>
    /// <exception cref="ArgumentException">The destination is too short or overlaps otherwise.</exception>
    /// <exception cref="ObjectDisposedException">The sealer was disposed.</exception>
    public bool TrySeal(ReadOnlySpan<byte> plaintext, Span<byte> destination, out ulong counter, out int length)
    {
        if (destination.Length - Overhead < plaintext.Length)
        {
            throw new ArgumentException("Too short for the sealed segment.", nameof(destination));
        }

        (counter, length) = (_next, 0);
        if (counter > MaxCounter) // spec 3.3-3
        {
            return false;
        }

        ulong epoch = SegmentHeader.EpochOf(counter) + Ratchets;
        CipherState cipher = _keys.Get(epoch);
        _keys.DropBefore(epoch);
        _next++; // Before the seal: a failure below must not lead to the same nonce twice. spec 3.3-2
        length = plaintext.Length + Overhead;
        Span<byte> body = destination[SegmentHeader.Length..length];
        Span<byte> header = stackalloc byte[SegmentHeader.Length];
        SegmentHeader.Write(header, _tag, counter);
        cipher.Seal(counter, header, plaintext, body); // spec 3.2-1
        header.CopyTo(destination);
        return true;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose() => _keys.Dispose();

    [SuppressMessage("Reliability", "CA2000", Justification = "Ownership moves to the caller.")]
    internal static CipherState Import(ReadOnlySpan<byte> key) => key.Length == CipherState.KeyLength
        ? new CipherState(key)
        : throw new ArgumentException("A transport key has 32 bytes.", nameof(key));
}
