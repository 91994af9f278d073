using System.Buffers.Binary;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>
/// A snapshot's name on the wire: the first four bytes of its name and of its numeric fingerprint; all zero is the
/// snapshot-free codec.
/// </summary>
/// <param name="Name">First four bytes of the name, big-endian.</param>
/// <param name="Fingerprint">First four bytes of the fingerprint, big-endian.</param>
internal readonly record struct SnapshotShortId(uint Name, uint Fingerprint)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 8;

    /// <summary>The name in hex digits, such as 1a2b3c4d/55667788, or "none" for the snapshot-free codec.</summary>
    public override string ToString() => this == default ? "none" : $"{Name:x8}/{Fingerprint:x8}";

    internal static SnapshotShortId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source[4..]));

    internal void Write(Span<byte> destination)
    {
        // spec 6.5-1
        BinaryPrimitives.WriteUInt32BigEndian(destination, Name);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Fingerprint);
    }
}
