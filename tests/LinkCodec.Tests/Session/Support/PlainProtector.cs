using System.Buffers.Binary;
using LinkCodec.Core.Session;

namespace LinkCodec.Tests.Session.Support;

/// <summary>
/// Seals nothing, but tells forged and replayed datagrams apart and costs 20 bytes, as the real one: for scenarios with
/// very many datagrams.
/// </summary>
internal sealed class PlainProtector(ulong sendKey, ulong receiveKey) : ISegmentProtector
{
    private const int HeaderLength = 8;
    private const int TagLength = 12;
    private const int Window = 8192;

    private readonly ulong[] _seen = new ulong[Window]; // Counter + 1 in its place.
    private ulong _next;
    private ulong _highest;

    public int Overhead => HeaderLength + TagLength;

    public ulong NextCounter => _next;

    public bool IsDisposed { get; private set; }

    public int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _next++ | 1UL << 63);
        plaintext.CopyTo(destination[HeaderLength..]);
        int end = HeaderLength + plaintext.Length;
        WriteTag(destination[..end], sendKey, destination.Slice(end, TagLength));
        return end + TagLength;
    }

    public SegmentStatus TryOpen(ReadOnlySpan<byte> datagram, Span<byte> plaintext, out int length, out ulong counter)
    {
        (length, counter) = (0, 0);
        Span<byte> tag = stackalloc byte[TagLength];
        if (datagram.Length < Overhead)
        {
            return SegmentStatus.Forged;
        }

        WriteTag(datagram[..^TagLength], receiveKey, tag);
        if (!tag.SequenceEqual(datagram[^TagLength..]))
        {
            return SegmentStatus.Forged;
        }

        counter = BinaryPrimitives.ReadUInt64BigEndian(datagram) & ~(1UL << 63);
        ref ulong seen = ref _seen[counter % Window];
        if (seen == counter + 1 || counter + Window <= _highest)
        {
            return SegmentStatus.Replayed;
        }

        seen = counter + 1;
        _highest = Math.Max(_highest, counter);
        length = datagram.Length - Overhead;
        datagram[HeaderLength..^TagLength].CopyTo(plaintext);
        return SegmentStatus.Opened;
    }

    public bool TryTakeAsOpened(ulong counter)
    {
        ref ulong seen = ref _seen[counter % Window];
        bool isNew = seen != counter + 1 && counter < _highest && counter + Window > _highest;
        seen = isNew ? counter + 1 : seen;
        return isNew;
    }

    public void Dispose() => IsDisposed = true;

    private static void WriteTag(ReadOnlySpan<byte> bytes, ulong key, Span<byte> tag)
    {
        ulong hash = key;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(tag, hash);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[8..], (uint)bytes.Length);
    }
}
