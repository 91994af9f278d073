using System.Runtime.InteropServices;
using NSec.Cryptography;

namespace LinkCodec.Core.Session;

/// <summary>The answers to the latest authentic Initiates, by the Initiate's hash, so that a repetition gets the same bytes. Bounded.</summary>
/// <remarks>Only authentic Initiates get in, so that garbage can't push an answer out.</remarks>
internal sealed class HandshakeReplies(int capacity)
{
    /// <summary>How often one answer is repeated at most: a recording of one Initiate must not make the responder send for ever.</summary>
    internal const int MaxRepeats = 32;

    private readonly Dictionary<(UInt128, UInt128), Entry> _entries = [];
    private readonly Queue<(UInt128, UInt128)> _order = new();

    private sealed class Entry(byte[] reply)
    {
        internal byte[] Reply { get; } = reply;

        internal int Repeats { get; set; }
    }

    /// <summary>Whether the datagram was answered before; the answer is empty when it was repeated often enough.</summary>
    internal bool TryFind(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> reply)
    {
        if (!_entries.TryGetValue(KeyOf(datagram), out Entry? entry))
        {
            reply = default;
            return false;
        }

        reply = entry.Repeats++ < MaxRepeats ? entry.Reply : default;
        return true;
    }

    /// <summary>Remembers an answer; forgets the oldest beyond the capacity.</summary>
    internal void Add(ReadOnlySpan<byte> datagram, byte[] reply)
    {
        (UInt128, UInt128) key = KeyOf(datagram);
        _entries[key] = new Entry(reply);
        _order.Enqueue(key);
        if (_order.Count > capacity)
        {
            _entries.Remove(_order.Dequeue());
        }
    }

    private static (UInt128 High, UInt128 Low) KeyOf(ReadOnlySpan<byte> datagram)
    {
        Span<byte> hash = stackalloc byte[32];
        HashAlgorithm.Blake2b_256.Hash(datagram, hash);
        return (MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }
}
