using System.Buffers.Binary;
using System.Text;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.ModelBuilder.Store;

/// <summary>
/// Writes tensors one after the other into a file that is read by memory map. Not thread-safe; does not own the stream.
/// </summary>
/// <remarks>The layout: <see cref="TensorStoreLayout"/>.</remarks>
internal sealed class TensorStoreWriter(Stream stream)
{
    private readonly List<StoredTensor> _tensors = [];
    private long _position;

    /// <summary>
    /// Begins a tensor; <see cref="Write"/> follows with all of its bytes, in one piece or in several.
    /// </summary>
    internal void Begin(string name, TensorType type, params int[] dimensions)
    {
        Span<byte> zeros = stackalloc byte[TensorStoreLayout.Alignment];
        zeros.Clear();
        Write(zeros[..(int)(-_position & (TensorStoreLayout.Alignment - 1))]);
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

        Span<byte> tail = stackalloc byte[TensorStoreLayout.TailLength];
        BinaryPrimitives.WriteInt64LittleEndian(tail, list);
        BinaryPrimitives.WriteInt32LittleEndian(tail[8..], _tensors.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(tail[12..], TensorStoreLayout.Magic);
        Write(tail);
    }
}
