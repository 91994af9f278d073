namespace LinkCodec.Core.Security;

/// <summary>Opens the segments of one direction of a session, each at most once.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/03-segments.md. A datagram that is forged, replayed, too old or for another session
/// changes nothing but <see cref="RejectedCount"/>.</para>
/// <para>Owns its keys and erases them on dispose. Not thread-safe. Cost: one pass over the datagram; a forged one
/// costs the same, and the keys of at most eight epochs ahead are made once and kept, so that forged counters can't
/// force more. About 1 KiB of memory.</para>
/// </remarks>
internal sealed class SegmentOpener : IDisposable
{
    private readonly byte _tag;
    private readonly EpochKeys _keys;
    private readonly ReplayWindow _window;
    private readonly ulong _firstCounter;

    /// <summary>An opener under a transport key of 32 bytes, which is copied.</summary>
    /// <param name="key">The key of epoch 0; 32 bytes.</param>
    /// <param name="tag">The tag that this side chose, 0 to 127.</param>
    /// <param name="firstCounter">Counters below this one are refused: what an earlier run may have opened.</param>
    /// <exception cref="ArgumentException">The key does not have 32 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tag or the counter is too large.</exception>
    public SegmentOpener(ReadOnlySpan<byte> key, byte tag, ulong firstCounter = 0)
        : this(SegmentSealer.Import(key), tag, firstCounter)
    {
    }

    internal SegmentOpener(CipherState cipher, byte tag, ulong firstCounter, ulong cipherEpoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, SegmentHeader.MaxTag);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstCounter, SegmentHeader.MaxCounter);
        _tag = tag;
        _firstCounter = firstCounter;
        _window = new ReplayWindow(firstCounter);
        _keys = new EpochKeys(cipher, cipherEpoch, SegmentHeader.EpochOf(firstCounter));
    }

    /// <summary>The highest counter opened, or null before the first.</summary>
    public ulong? HighestCounter => _window.Highest;

    /// <summary>
    /// The number of datagrams that were refused: forged, damaged, replayed, too old, for another session.
    /// </summary>
    public long RejectedCount { get; private set; }

    private ulong Oldest => _window.Next > ReplayWindow.Size ? _window.Next - ReplayWindow.Size : 0;

    /// <summary>Whether the segment with this counter was opened, as far as the replay window remembers.</summary>
    public bool WasOpened(ulong counter) => _window.WasOpened(counter);

    /// <summary>
    /// Takes a segment for opened whose content is known in another way: it will not be opened any more.
    /// </summary>
    /// <param name="counter">Its counter.</param>
    /// <returns>False where it was opened, lies behind the replay window, or before the first.</returns>
    public bool TryTakeAsOpened(ulong counter)
    {
        bool isNew = counter < _window.Next && _window.IsNew(counter);
        if (isNew)
        {
            _window.Accept(counter);
        }

        return isNew;
    }

    /// <summary>
    /// Whether a datagram is a segment with this tag whose counter was opened before, or is older than the replay
    /// window: not whether it is authentic.
    /// </summary>
    internal bool IsSeen(ReadOnlySpan<byte> datagram) =>
        SegmentHeader.TryRead(datagram, out byte tag, out uint low)
        && tag == _tag
        && SegmentHeader.TryReconstruct(low, _window.Next, out ulong candidate)
        && !_window.IsNew(candidate);

    /// <summary>Opens a datagram.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="plaintext">Room for the datagram without 20 bytes. May overlap it only if it starts at its fifth
    /// byte.</param>
    /// <param name="counter">The segment's counter, 0 when false.</param>
    /// <param name="length">Bytes of plaintext, 0 when false.</param>
    /// <returns>False, with the plaintext cleared, for whatever is not a new authentic segment.</returns>
    /// <exception cref="ArgumentException">The plaintext is too short or overlaps otherwise.</exception>
    /// <exception cref="ObjectDisposedException">The opener was disposed.</exception>
    public bool TryOpen(ReadOnlySpan<byte> datagram, Span<byte> plaintext, out ulong counter, out int length)
    {
        (counter, length) = (0, 0);
        int size = datagram.Length - SegmentSealer.Overhead;
        if (plaintext.Length < size)
        {
            throw new ArgumentException("Too short for the plaintext.", nameof(plaintext));
        }

        plaintext = plaintext[..Math.Max(0, size)];
        if (!SegmentHeader.TryRead(datagram, out byte tag, out uint low)
            || tag != _tag
            || !SegmentHeader.TryReconstruct(low, _window.Next, out ulong candidate) // spec 3.1-2
            || !_window.IsNew(candidate)) // spec 3.4-1
        {
            return Reject(plaintext);
        }

        CipherState cipher = _keys.Get(SegmentHeader.EpochOf(candidate));
        ReadOnlySpan<byte> header = stackalloc byte[SegmentHeader.Length] { datagram[0], datagram[1], datagram[2],
            datagram[3] };
        if (!cipher.TryOpen(candidate, header, datagram[SegmentHeader.Length..], plaintext)) // spec 3.4-2
        {
            return Reject(plaintext);
        }

        _window.Accept(candidate);
        _keys.DropBefore(SegmentHeader.EpochOf(Math.Max(_firstCounter, Oldest)));
        (counter, length) = (candidate, size);
        return true;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose() => _keys.Dispose();

    private bool Reject(Span<byte> plaintext)
    {
        plaintext.Clear();
        RejectedCount++;
        return false;
    }
}
