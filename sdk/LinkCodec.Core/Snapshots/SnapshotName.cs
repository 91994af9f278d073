using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// A snapshot's name: the BLAKE2b-256 of its manifest's bytes. Spec: protocol-spec/06-snapshots.md, section 2.
/// </summary>
public readonly struct SnapshotName : IEquatable<SnapshotName>
{
    /// <summary>Bytes in a name.</summary>
    public const int Size = 32;

    private readonly Digest _digest;

    /// <summary>A name from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not 32.</exception>
    public SnapshotName(ReadOnlySpan<byte> bytes) => _digest = new Digest(bytes);

    /// <summary>The name of no snapshot, all zero: the codec that every endpoint carries within.</summary>
    public static SnapshotName None => default; // spec 6.5-3

    /// <summary>Whether the name stands for no snapshot.</summary>
    public bool IsNone => _digest.IsZero;

    /// <summary>The first four bytes, read big-endian, so that its eight hex digits begin the name's text.</summary>
    public uint ShortId => _digest.ShortId; // spec 6.2-1

    /// <summary>The name of the manifest with these bytes. Linear in their number.</summary>
    // spec 6.2-1
    public static SnapshotName Of(ReadOnlySpan<byte> manifest) => new(HashAlgorithm.Blake2b_256.Hash(manifest));

    /// <summary>Reads 64 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SnapshotName name)
    {
        bool read = Digest.TryParse(text, out Digest digest);
        name = new SnapshotName(digest);
        return read;
    }

    /// <summary>Whether two names are the same.</summary>
    public static bool operator ==(SnapshotName a, SnapshotName b) => a.Equals(b);

    /// <summary>Whether two names differ.</summary>
    public static bool operator !=(SnapshotName a, SnapshotName b) => !a.Equals(b);

    /// <summary>Writes the 32 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination) => _digest.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(SnapshotName other) => _digest == other._digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SnapshotName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _digest.GetHashCode();

    /// <summary>The name as 64 lower-case hex digits.</summary>
    public override string ToString() => _digest.ToString();

    private SnapshotName(Digest digest) => _digest = digest;
}
