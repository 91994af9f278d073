using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LinkCodec.Receiver;

/// <summary>The kinds of outputs that can be set back.</summary>
internal enum OutputKind : byte
{
    /// <summary>A file: its position is its length.</summary>
    File = 1,

    /// <summary>A folder: its position is the number of the next message.</summary>
    Folder = 2,
}

/// <summary>What the state folder keeps of an output: which one it is, and how far it was written.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">A hash of its full name.</param>
internal readonly record struct OutputCheckpoint(OutputKind Kind, ulong Name)
{
    private const int Length = 17;

    public static OutputCheckpoint Of(OutputKind kind, string path) => new(kind,
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path)))));

    /// <summary>The checkpoint of a position.</summary>
    public ReadOnlyMemory<byte> At(ulong position)
    {
        byte[] bytes = new byte[Length];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Name);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(9), position);
        return bytes;
    }

    /// <summary>The position in a checkpoint; null where it is another output's, or none was stored.</summary>
    public ulong? PositionIn(ReadOnlyMemory<byte> checkpoint)
    {
        ReadOnlySpan<byte> bytes = checkpoint.Span;
        return bytes.Length == Length && bytes[..9].SequenceEqual(At(0).Span[..9])
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..])
            : null;
    }
}
