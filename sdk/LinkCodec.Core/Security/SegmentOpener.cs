namespace LinkCodec.Core.Security;

/// <summary>Opens segments for one direction of a session and refuses replays.</summary>
/// <remarks>
/// <para>Spec: protocol-spec/03-segments.md. Source: RFC 8439, RFC 6479; Noise revision 34, section 11.3.</para>
/// <para>Owns its keys and erases them on dispose. Not thread-safe. Cost: one pass over the datagram, and a second one
/// where it may be the first under a new key; a forged one costs the same, and the keys of at most nine epochs ahead
/// are made once and kept, so that forged counters can't force more. About 1 KiB of memory.</para>
/// </remarks>
internal sealed class SegmentOpener : IDisposable
{
    private readonly byte _tag;
    private readonly EpochKeys _keys;
    private readonly ReplayWindow _window;
    private readonly ulong _firstCounter;
    private CipherState? _early;
    private byte _earlyTag;
    private ulong _ratchetFrom; // The lowest counter that was opened with the present number of ratchets.
    private ulong _lowest = ulong.MaxValue; // The lowest one opened under the session's own keys.
    private bool _keepsLast = true; // The keys before the last ratchet.

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

    /// <summary>How often the peer has gone on to the next key, as far as its segments show.</summary>
    public ulong Ratchets { get; private set; }

    /// <summary>Whether a segment was opened under the session's own keys: not only early ones.</summary>
    public bool HasOpenedOwn => _lowest != ulong.MaxValue;

    /// <summary>Whether there is a key for early segments.</summary>
    public bool OpensEarly => _early is not null;

    private ulong Oldest => _window.Next > ReplayWindow.Size ? _window.Next - ReplayWindow.Size : 0;

    /// <summary>Opens early segments too; before any segment was opened.</summary>
    /// <param name="cipher">Their key; the opener owns it.</param>
    /// <param name="tag">Their tag, another one than the session's.</param>
    public void AddEarly(CipherState cipher, byte tag) => (_early, _earlyTag) = (cipher, tag);

    /// <summary>Opens no early segments any more, and erases their key.</summary>
    public void DropEarly()
    {
        _early?.Dispose();
        _early = null;
    }

    /// <summary>Opens nothing any more that was sealed before the last ratchet, and erases the keys of it.</summary>
    // spec 3.5-4
    public void DropLast()
    {
        _keepsLast = false;
        DropOldKeys();
    }

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
        && (tag == _tag || IsEarly(tag))
        && SegmentHeader.TryReconstruct(low, _window.Next, out ulong candidate)
        && !_window.IsNew(candidate);

    /// <summary>Opens a datagram.</summary>
    /// <param name="datagram">Peer bytes; used during the call.</param>
    /// <param name="plaintext">Room for the datagram without 20 bytes; must not overlap it.</param>
    /// <param name="counter">The segment's counter, 0 when false.</param>
    /// <param name="length">Bytes of plaintext, 0 when false.</param>
    /// <returns>False, with the plaintext cleared, for whatever is not a new authentic segment.</returns>
    /// <exception cref="ArgumentException">The plaintext is too short.</exception>
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
            || (tag != _tag && !IsEarly(tag))
            || !SegmentHeader.TryReconstruct(low, _window.Next, out ulong candidate) // spec 3.1-2
            || !_window.IsNew(candidate)) // spec 3.4-1
        {
            return Reject(plaintext);
        }

        bool opens = IsEarly(tag)
            ? OpensAsEarly(candidate, datagram, plaintext)
            : OpensAsOwn(candidate, datagram, plaintext);
        if (!opens) // spec 3.4-2
        {
            return Reject(plaintext);
        }

        _window.Accept(candidate);
        DropOldKeys();
        (counter, length) = (candidate, size);
        return true;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        _keys.Dispose();
        DropEarly();
    }

    private bool IsEarly(byte tag) => _early is not null && tag == _earlyTag;

    // spec 2.8-8: a sender that has the session's own keys does not go back.
    private bool OpensAsEarly(ulong counter, ReadOnlySpan<byte> datagram, Span<byte> plaintext) =>
        counter < _lowest && SegmentHeader.EpochOf(counter) == 0 && Opens(_early!, counter, datagram, plaintext);

    private bool OpensAsOwn(ulong counter, ReadOnlySpan<byte> datagram, Span<byte> plaintext)
    {
        ulong epoch = SegmentHeader.EpochOf(counter);
        bool opens;
        if (counter >= _ratchetFrom)
        {
            opens = Opens(_keys.Get(epoch + Ratchets), counter, datagram, plaintext);
            bool isFirst = !opens && Opens(_keys.Get(epoch + Ratchets + 1), counter, datagram, plaintext);
            if (isFirst) // spec 3.5-3
            {
                Ratchets++;
                (_ratchetFrom, _keepsLast, opens) = (counter, true, true);
            }
        }
        else
        {
            // It may be from before the ratchet, or one that the first under the new key has overtaken.
            opens = _keepsLast && Opens(_keys.Get(epoch + Ratchets - 1), counter, datagram, plaintext);
            if (!opens && Opens(_keys.Get(epoch + Ratchets), counter, datagram, plaintext))
            {
                (_ratchetFrom, opens) = (counter, true);
            }
        }

        _lowest = opens ? Math.Min(_lowest, counter) : _lowest;
        return opens;
    }

    private static bool Opens(CipherState cipher, ulong counter, ReadOnlySpan<byte> datagram, Span<byte> plaintext)
    {
        ReadOnlySpan<byte> header = stackalloc byte[SegmentHeader.Length] { datagram[0], datagram[1], datagram[2],
            datagram[3] };
        return cipher.TryOpen(counter, header, datagram[SegmentHeader.Length..], plaintext);
    }

    private void DropOldKeys()
    {
        ulong oldest = Math.Max(_firstCounter, Oldest);
        bool mayBeOld = Ratchets > 0 && _keepsLast && oldest < _ratchetFrom;
        _keys.DropBefore(SegmentHeader.EpochOf(oldest) + Ratchets - (mayBeOld ? 1UL : 0));
    }

    private bool Reject(Span<byte> plaintext)
    {
        plaintext.Clear();
        RejectedCount++;
        return false;
    }
}
