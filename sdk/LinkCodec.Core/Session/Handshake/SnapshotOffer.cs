namespace LinkCodec.Core.Session.Handshake;

/// <summary>A snapshot that a side can code with: what it is and what it computes here. Immutable.</summary>
internal sealed class SnapshotOffer
{
    /// <summary>Bytes of a name and of a fingerprint.</summary>
    public const int PartLength = 32;

    private readonly byte[] _name;
    private readonly byte[] _fingerprint;

    /// <summary>A snapshot by its name and its numeric fingerprint on this machine, which are copied.</summary>
    /// <param name="name">The hash that names the snapshot, 32 bytes.</param>
    /// <param name="fingerprint">The hash of the probabilities that this machine computes with the snapshot, 32
    /// bytes.</param>
    /// <exception cref="ArgumentException">A part does not have 32 bytes.</exception>
    public SnapshotOffer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> fingerprint)
    {
        if (name.Length != PartLength || fingerprint.Length != PartLength)
        {
            throw new ArgumentException("A snapshot's name and fingerprint have 32 bytes each.");
        }

        _name = name.ToArray();
        _fingerprint = fingerprint.ToArray();
        ShortId = new(SnapshotShortId.Read(_name).Name, SnapshotShortId.Read(_fingerprint).Name);
    }

    /// <summary>The snapshot-free codec, which every endpoint has; offer it to fall back to.</summary>
    public static SnapshotOffer None { get; } = new(new byte[PartLength], new byte[PartLength]);

    /// <summary>The name, 32 bytes.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>The fingerprint, 32 bytes.</summary>
    public ReadOnlySpan<byte> Fingerprint => _fingerprint;

    /// <summary>The snapshot's name on the wire.</summary>
    public SnapshotShortId ShortId { get; }

    /// <inheritdoc/>
    public override string ToString() => ShortId.ToString();
}
