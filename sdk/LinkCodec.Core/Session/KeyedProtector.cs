using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Session;

/// <summary>
/// Seals and opens with the keys of a handshake; a one-way link has only one of the two. A resumed session's initiator
/// begins with the key of early segments, and goes on with those of its handshake under the same counters.
/// </summary>
internal sealed class KeyedProtector : ISegmentProtector
{
    /// <summary>Bytes that are sealed before the next key.</summary>
    internal const long RatchetBytes = 64L << 20;

    /// <summary>The time for which a key is used.</summary>
    internal static readonly TimeSpan RatchetTime = TimeSpan.FromMinutes(10);

    // Segments under the key before may be late by so much.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(60);

    private readonly TimeSpan _lateness;
    private SegmentSealer? _sealer;
    private SegmentOpener? _opener;
    private bool _leads; // The initiator goes on to new keys, and the other end follows.
    private long _sealedBytes;
    private Timestamp? _keySince;
    private Timestamp _dropEarlyAt = Timestamp.Never;
    private Timestamp _dropLastAt = Timestamp.Never;
    private ulong _ratchetsSeen;

    public KeyedProtector(EstablishedKeys keys, TimeSpan oneWayDelay = default)
    {
        _lateness = Lateness + (4 * oneWayDelay);
        Take(keys);
        if (_opener is not null)
        {
            keys.Early?.AddTo(_opener);
        }
    }

    public KeyedProtector(EarlyKeys early, TimeSpan oneWayDelay)
    {
        _lateness = Lateness + (4 * oneWayDelay);
        _sealer = early.CreateSealer();
    }

    public int Overhead => SegmentSealer.Overhead;

    public bool CanSeal => _sealer is not null;

    public ulong NextCounter => _sealer?.NextCounter ?? 0;

    public bool HasOpenedOwn => _opener?.HasOpenedOwn == true;

    /// <summary>How often this end has gone on to the next key.</summary>
    internal ulong Ratchets => _sealer?.Ratchets ?? 0;

    public void Confirm(EstablishedKeys keys)
    {
        SegmentSealer early = _sealer!;
        Take(keys, early.NextCounter); // spec 2.8-4
        early.Dispose();
    }

    // The sealer refuses when all 2^62 counters are used up: no session lives so long.
    public int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        _sealedBytes += plaintext.Length;
        return _sealer!.TrySeal(plaintext, destination, out _, out int length)
            ? length
            : throw new InvalidOperationException("The session has used up its counters.");
    }

    public SegmentStatus TryOpen(ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length, out ulong counter)
    {
        (length, counter) = (0, 0);
        if (_opener is null)
        {
            return SegmentStatus.Forged;
        }

        if (_opener.TryOpen(datagram, plaintext, out counter, out length))
        {
            return SegmentStatus.Opened;
        }

        return _opener.IsSeen(datagram) ? SegmentStatus.Replayed : SegmentStatus.Forged;
    }

    public bool TryTakeAsOpened(ulong counter) => _opener?.TryTakeAsOpened(counter) == true;

    public void OnTime(Timestamp now)
    {
        if (_opener is null || _sealer is null)
        {
            return; // Early, or one way: nobody would follow.
        }

        Ratchet(_sealer, _opener, now);
        DropOld(_opener, now);
    }

    public void Dispose()
    {
        _sealer?.Dispose();
        _opener?.Dispose();
    }

    private void Take(EstablishedKeys keys, ulong firstCounter = 0)
    {
        _sealer = keys.CanSend ? keys.CreateSealer(firstCounter) : null;
        _opener = keys.CanReceive ? keys.CreateOpener() : null;
        _leads = keys.IsInitiator;
    }

    private void Ratchet(SegmentSealer sealer, SegmentOpener opener, Timestamp now)
    {
        _keySince ??= now;
        bool isDue = _leads
            ? opener.Ratchets == sealer.Ratchets // spec 3.5-2
                && (_sealedBytes >= RatchetBytes || now - _keySince.Value >= RatchetTime)
            : sealer.Ratchets < opener.Ratchets;
        if (isDue)
        {
            sealer.Ratchet();
            (_sealedBytes, _keySince) = (0, now);
        }
    }

    private void DropOld(SegmentOpener opener, Timestamp now)
    {
        if (opener.OpensEarly && opener.HasOpenedOwn && _dropEarlyAt == Timestamp.Never)
        {
            _dropEarlyAt = now + _lateness;
        }

        if (_ratchetsSeen < opener.Ratchets)
        {
            (_ratchetsSeen, _dropLastAt) = (opener.Ratchets, now + _lateness);
        }

        if (_dropEarlyAt <= now)
        {
            opener.DropEarly();
            _dropEarlyAt = Timestamp.Never;
        }

        if (_dropLastAt <= now)
        {
            opener.DropLast();
            _dropLastAt = Timestamp.Never;
        }
    }
}
