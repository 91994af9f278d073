using System.Runtime.InteropServices;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// The trace that an authentic Initiate leaves: its answer and, in pattern XX, the handshake that waits for its third
/// datagram.
/// </summary>
internal sealed class HandshakeReply : IDisposable
{
    internal byte[] Datagram { get; init; } = [];

    /// <summary>The instant at which the answer was sent last.</summary>
    internal Timestamp SentAt { get; set; }

    internal HandshakeState? Waiting { get; init; }

    internal int Offer { get; init; }

    internal byte LocalTag { get; init; }

    internal byte RemoteTag { get; init; }

    /// <summary>Whether a session has begun whose initiator may not have this answer yet: it is not forgotten
    /// then.</summary>
    internal bool IsHeld { get; set; }

    public void Dispose() => Waiting?.Dispose();
}

/// <summary>
/// The latest authentic Initiates by their hash, so that a repetition costs no agreement. Bounded: what is forgotten
/// can be made again.
/// </summary>
internal sealed class HandshakeReplies(int capacity)
{
    private readonly Dictionary<(UInt128, UInt128), HandshakeReply> _entries = [];
    private readonly Queue<(UInt128, UInt128)> _order = new();

    internal IEnumerable<HandshakeReply> All => _order.Where(_entries.ContainsKey).Select(key => _entries[key]);

    /// <summary>The reply that is kept for a datagram, or null.</summary>
    internal HandshakeReply? Find(ReadOnlySpan<byte> datagram) => _entries.GetValueOrDefault(KeyOf(datagram));

    /// <summary>Keeps an answer and owns it; forgets the oldest beyond the capacity.</summary>
    internal void Add(ReadOnlySpan<byte> datagram, HandshakeReply reply)
    {
        (UInt128, UInt128) key = KeyOf(datagram);
        _entries.Add(key, reply);
        _order.Enqueue(key);
        for (int excess = _order.Count; excess > 0 && _order.Count > capacity; excess--)
        {
            key = _order.Dequeue();
            if (!_entries.TryGetValue(key, out HandshakeReply? oldest))
            {
                continue;
            }

            if (oldest.IsHeld)
            {
                _order.Enqueue(key); // As many as there are sessions at most.
                continue;
            }

            _entries.Remove(key);
            oldest.Dispose();
        }
    }

    /// <summary>Forgets a reply.</summary>
    internal void Remove(HandshakeReply reply)
    {
        foreach ((UInt128, UInt128) key in _entries.Where(e => e.Value == reply).Select(e => e.Key).ToArray())
        {
            _entries.Remove(key);
        }

        reply.Dispose();
    }

    /// <summary>Forgets all of them, and erases what waits.</summary>
    internal void Clear()
    {
        foreach (HandshakeReply reply in _entries.Values)
        {
            reply.Dispose();
        }

        _entries.Clear();
        _order.Clear();
    }

    private static (UInt128 High, UInt128 Low) KeyOf(ReadOnlySpan<byte> datagram)
    {
        Span<byte> hash = stackalloc byte[DatagramHash.Length];
        DatagramHash.Compute(datagram, hash);
        return (MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }
}
