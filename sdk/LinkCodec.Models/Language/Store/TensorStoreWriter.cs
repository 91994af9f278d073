using System.Buffers.Binary;
using System.Text;

namespace LinkCodec.Models.Language.Store;

/// <summary>Writes tensors one after the other into a file that is read by memory map. Not thread-safe; does not own the stream.</summary>
/// <remarks>
/// The bytes of each tensor start at a multiple of 64; the list of names comes last, since it is known last: per tensor a byte of the name's length, the name, a byte of its
/// type, a byte of its rank, 4 bytes for each dimension and 8 for the offset. The file ends with the list's offset (8 bytes), the count (4) and <see cref="Magic"/>. All little-endian.
/// </remarks>
internal sealed class TensorStoreWriter(Stream stream)
{
    /// <summary>"LCTS" and the version of the layout.</summary>
    internal const ulong Magic = 0x0000_0001_5354_434C;

    /// <summary>Bytes after the list.</summary>
    internal const int TailLength = 20;

    /// <summary>What offsets are multiples of.</summary>
    internal const int Alignment = 64;

    private readonly List<StoredTensor> _tensors = [];
    private long _position;

    /// <summary>Begins a tensor; <see cref="Write"/> follows with all of its bytes, in one piece or in several.</summary>
    internal void Begin(string name, TensorType type, params int[] dimensions)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        Write(zeros[..(int)(-_position & (Alignment - 1))]);
        _tensors.Add(new StoredTensor(name, type, dimensions, _position));
    }

    /// <summary>Appends bytes to the tensor that was begun last.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }

    /// <summary>Writes the list; nothing may follow.</summary>
    internal void Finish()
    {
        long list = _position;
        foreach (StoredTensor tensor in _tensors)
        {
            byte[] entry = new byte[1 + tensor.Name.Length + 2 + (4 * tensor.Dimensions.Length) + 8];
            entry[0] = (byte)tensor.Name.Length;
            int at = 1 + Encoding.ASCII.GetBytes(tensor.Name, entry.AsSpan(1));
            entry[at++] = (byte)tensor.Type;
            entry[at++] = (byte)tensor.Dimensions.Length;
            foreach (int size in tensor.Dimensions)
            {
                BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(at), size);
                at += 4;
            }

            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(at), tensor.Offset);
            Write(entry);
        }

        Span<byte> tail = stackalloc byte[TailLength];
        BinaryPrimitives.WriteInt64LittleEndian(tail, list);
        BinaryPrimitives.WriteInt32LittleEndian(tail[8..], _tensors.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(tail[12..], Magic);
        Write(tail);
    }
}
