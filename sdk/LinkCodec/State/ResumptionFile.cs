using System.Buffers.Binary;
using System.Security.Cryptography;
using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;

namespace LinkCodec.State;

/// <summary>What a sender kept of its last session.</summary>
/// <param name="Secret">The secret, which is in no file any more.</param>
/// <param name="Snapshot">The snapshot that both ends agreed on.</param>
internal sealed record SavedResumption(ResumptionSecret Secret, SnapshotOffer Snapshot);

/// <summary>
/// The secrets by which sessions are resumed, one for each peer, in a file of a state folder. Thread-safe.
/// </summary>
/// <remarks>
/// Secrets are overwritten in place, so that the file holds none that was used: a log would keep them until it is
/// written anew. A write that tears leaves no secret, and costs the next session a round trip. What the file system and
/// the disk keep of bytes that were overwritten is beyond this class.
/// </remarks>
internal sealed class ResumptionFile : IResumptions, IDisposable
{
    /// <summary>Peers of which a secret is kept; another one takes the place of the first.</summary>
    internal const int MaxPeers = 4096;

    private const string Name = "resumption";
    private const byte Version = 1;
    private const int KeyLength = 32;
    private const int CheckLength = 4;
    private const int SlotLength = CheckLength + KeyLength + ResumptionSecret.Length + (2 * SnapshotOffer.PartLength);

    private readonly IStateFile _file;
    private readonly Lock _gate = new();
    private readonly List<Entry?> _slots = [];
    private int _next; // Where the next peer goes when all places are taken.

    private ResumptionFile(IStateFile file) => _file = file;

    // Without a secret it was used, and the place stays with the peer, so that the next one overwrites it.
    private sealed record Entry(byte[] Peer, ResumptionSecret? Secret, SnapshotOffer Snapshot);

    private static ReadOnlySpan<byte> Magic => "LinkRes\n"u8;

    private static int FirstSlot => Magic.Length + 1;

    /// <summary>Opens the secrets, or makes a place for them. What is damaged counts as none.</summary>
    /// <param name="files">The folder; it stays the caller's.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static ResumptionFile Open(IStateFiles files)
    {
        IStateFile file = files.Names().Contains(Name) ? files.Open(Name) : files.Create(Name);
        try
        {
            ResumptionFile opened = new(file);
            if (!opened.Read())
            {
                file.Truncate(0);
                file.Write([.. Magic, Version], 0);
                file.Sync();
                files.SyncNames();
            }

            return opened;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the secret of a peer out of the file, durably: no process finds it any more.</summary>
    /// <returns>What was kept, whose secret the caller disposes of; null where there is none.</returns>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    // spec 2.8-10
    public SavedResumption? Take(PublicKey peer)
    {
        lock (_gate)
        {
            int at = Find(peer.Export(KeyBlobFormat.RawPublicKey));
            if (at < 0 || _slots[at] is not { Secret: { } secret } entry)
            {
                return null;
            }

            _slots[at] = entry with { Secret = null };
            Write(at, new byte[SlotLength]);
            return new SavedResumption(secret, entry.Snapshot);
        }
    }

    /// <summary>Keeps a secret, durably, in place of the one before of the same peer.</summary>
    /// <param name="peer">The other end's key, 32 bytes.</param>
    /// <param name="secret">The secret; copied.</param>
    /// <param name="snapshot">The snapshot that both ends agreed on.</param>
    /// <exception cref="LinkStateException">The state cannot be written.</exception>
    public void Keep(ReadOnlySpan<byte> peer, ResumptionSecret secret, SnapshotOffer snapshot)
    {
        byte[] slot = new byte[SlotLength];
        Span<byte> rest = slot.AsSpan(CheckLength);
        peer.CopyTo(rest);
        secret.Span.CopyTo(rest[KeyLength..]);
        snapshot.Name.CopyTo(rest[(KeyLength + ResumptionSecret.Length)..]);
        snapshot.Fingerprint.CopyTo(rest[^SnapshotOffer.PartLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(slot, RecordBuffer.Crc32C(0, rest));
        lock (_gate)
        {
            int at = Find(peer);
            at = at >= 0 ? at : _slots.IndexOf(null);
            if (at < 0 && _slots.Count < MaxPeers)
            {
                at = _slots.Count;
                _slots.Add(null);
            }
            else if (at < 0)
            {
                at = _next;
                _next = (_next + 1) % MaxPeers;
            }

            _slots[at]?.Secret?.Dispose();
            _slots[at] = new Entry(peer.ToArray(), new ResumptionSecret(secret.Span), snapshot);
            Write(at, slot);
        }

        CryptographicOperations.ZeroMemory(slot);
    }

    public ResumptionSecret? Find(ulong id, PublicKey initiator)
    {
        lock (_gate)
        {
            byte[] peer = initiator.Export(KeyBlobFormat.RawPublicKey);
            Entry? entry = _slots.Find(one => one?.Secret?.Id == id);
            return entry?.Secret is { } secret && entry.Peer.AsSpan().SequenceEqual(peer)
                ? new ResumptionSecret(secret.Span)
                : null;
        }
    }

    public bool Holds(ulong id)
    {
        lock (_gate)
        {
            return _slots.Exists(one => one?.Secret?.Id == id);
        }
    }

    /// <summary>Nothing finds the secret in this process any more. It leaves the file when its session's queue is
    /// opened, before anything of it is given out; until then a process that is started anew may take it
    /// again.</summary>
    public void Spend(ulong id)
    {
        lock (_gate)
        {
            int at = _slots.FindIndex(one => one?.Secret?.Id == id);
            if (at >= 0)
            {
                _slots[at]!.Secret!.Dispose();
                _slots[at] = _slots[at]! with { Secret = null };
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _slots.ForEach(one => one?.Secret?.Dispose());
            _slots.Clear();
            _file.Dispose();
        }
    }

    private int Find(ReadOnlySpan<byte> peer)
    {
        for (int i = 0; i < _slots.Count; i++)
        {
            if (_slots[i] is { } entry && peer.SequenceEqual(entry.Peer))
            {
                return i;
            }
        }

        return -1;
    }

    private void Write(int at, ReadOnlySpan<byte> slot)
    {
        try
        {
            _file.Write(slot, FirstSlot + ((long)at * SlotLength));
            _file.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw StateFailure.Of(e);
        }
    }

    private bool Read()
    {
        byte[] start = new byte[FirstSlot];
        if (_file.Read(start, 0) < start.Length || !start.AsSpan(..^1).SequenceEqual(Magic) || start[^1] != Version)
        {
            return false;
        }

        byte[] slot = new byte[SlotLength];
        for (int at = 0; at < MaxPeers
            && _file.Read(slot, FirstSlot + ((long)at * SlotLength)) == SlotLength; at++)
        {
            _slots.Add(EntryOf(slot));
        }

        CryptographicOperations.ZeroMemory(slot);
        return true;
    }

    private static Entry? EntryOf(ReadOnlySpan<byte> slot)
    {
        ReadOnlySpan<byte> rest = slot[CheckLength..];
        if (!slot.ContainsAnyExcept((byte)0)
            || BinaryPrimitives.ReadUInt32LittleEndian(slot) != RecordBuffer.Crc32C(0, rest))
        {
            return null;
        }

        return new Entry(rest[..KeyLength].ToArray(), new ResumptionSecret(rest.Slice(KeyLength,
            ResumptionSecret.Length)), new SnapshotOffer(rest.Slice(KeyLength + ResumptionSecret.Length,
                SnapshotOffer.PartLength), rest[^SnapshotOffer.PartLength..]));
    }
}
