using System.Buffers.Binary;

namespace LinkCodec.Core.Snapshots;

/// <summary>Which snapshot an endpoint holds, and what it computes with it, in the short form of a handshake. Spec: protocol-spec/06-snapshots.md, section 5.</summary>
/// <param name="SnapshotId">The name's first four bytes, big-endian; 0 for none.</param>
/// <param name="FingerprintId">The fingerprint's first four bytes, big-endian; 0 for none.</param>
public readonly record struct SnapshotIds(uint SnapshotId, uint FingerprintId)
{
    /// <summary>Bytes of both ids.</summary>
    public const int Size = 8;

    /// <summary>The codec without a snapshot.</summary>
    public static SnapshotIds None => default; // spec 6.5-3

    /// <summary>Writes both ids.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than <see cref="Size"/>.</exception>
    public void Write(Span<byte> destination)
    {
        // spec 6.5-1
        BinaryPrimitives.WriteUInt64BigEndian(destination, ((ulong)SnapshotId << 32) | FingerprintId);
    }

    /// <summary>Reads both ids; false when the bytes end early.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SnapshotIds ids)
    {
        bool read = BinaryPrimitives.TryReadUInt64BigEndian(source, out ulong both); // spec 6.5-1
        ids = new SnapshotIds((uint)(both >> 32), (uint)both);
        return read;
    }
}
