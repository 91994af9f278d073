using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Graphs;

/// <summary>
/// Zeroed memory that the collector never moves and that starts on a cache line, for tensors that native code reads and
/// writes.
/// </summary>
/// <remarks>Tensors made over it do not keep it alive: whoever holds them holds the buffer too.</remarks>
internal sealed class PinnedBuffer<T>
    where T : unmanaged
{
    private const int Line = 64;
    private readonly T[] _array;
    private readonly int _first;

    /// <summary>Takes room for <paramref name="length"/> elements.</summary>
    internal PinnedBuffer(int length)
    {
        int size = Unsafe.SizeOf<T>();
        _array = GC.AllocateArray<T>(length + (Line / size), pinned: true);
        int past = (int)(AddressOf(0) & (Line - 1));
        _first = past == 0 ? 0 : (Line - past) / size;
        Length = length;
    }

    /// <summary>The number of elements.</summary>
    internal int Length { get; }

    /// <summary>The elements, all of them.</summary>
    internal Span<T> Span => _array.AsSpan(_first, Length);

    /// <summary>
    /// A tensor over <paramref name="rows"/> rows of <paramref name="width"/> elements from <paramref name="offset"/>
    /// on; width 0: one dimension.
    /// </summary>
    internal OrtValue Tensor(TensorElementType type, int offset, int rows, int width)
    {
        return Tensor(type, offset, width == 0 ? rows : rows * width, width == 0 ? [rows] : [rows, width]);
    }

    /// <summary>
    /// A tensor of any shape over <paramref name="count"/> elements of this buffer from <paramref name="offset"/> on;
    /// its type may be another one that fills them.
    /// </summary>
    internal OrtValue Tensor(TensorElementType type, int offset, int count, long[] shape)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, Length);
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, type, shape, AddressOf(_first + offset), (long)count * Unsafe.SizeOf<T>());
    }

    private nint AddressOf(int index) => Marshal.UnsafeAddrOfPinnedArrayElement(_array, index);
}
