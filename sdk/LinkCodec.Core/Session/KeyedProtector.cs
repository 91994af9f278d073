using LinkCodec.Core.Security;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Session;

/// <summary>Seals and opens with the keys of a handshake; a one-way link has only one of the two.</summary>
internal sealed class KeyedProtector(EstablishedKeys keys) : ISegmentProtector
{
    private readonly SegmentSealer? _sealer = keys.CanSend ? keys.CreateSealer() : null;
    private readonly SegmentOpener? _opener = keys.CanReceive ? keys.CreateOpener() : null;

    public int Overhead => SegmentSealer.Overhead;

    public bool CanSeal => _sealer is not null;

    public ulong NextCounter => _sealer?.NextCounter ?? 0;

    // The sealer refuses when all 2^62 counters are used up: no session lives so long.
    public int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination) =>
        _sealer!.TrySeal(plaintext, destination, out _, out int length)
            ? length
            : throw new InvalidOperationException("The session has used up its counters.");

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

    public void Dispose()
    {
        _sealer?.Dispose();
        _opener?.Dispose();
    }
}
