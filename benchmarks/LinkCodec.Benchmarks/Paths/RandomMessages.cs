using System.Collections;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.Paths;

/// <summary>
/// Messages of one size without any redundancy in each: slices of the same random bytes, so that a gigabyte of them
/// takes no memory. They are for links that send them uncoded, to which repetitions mean nothing.
/// </summary>
internal sealed class RandomMessages : IReadOnlyList<ReadOnlyMemory<byte>>
{
    private static readonly byte[] Source = Draw(1 << 20);

    private readonly int _size;

    /// <param name="bytes">Bytes of all messages; the last one is whole.</param>
    /// <param name="size">Bytes of a message, at most a megabyte.</param>
    public RandomMessages(long bytes, int size) => (_size, Count) = (size, (int)((bytes + size - 1) / size));

    public int Count { get; }

    public ReadOnlyMemory<byte> this[int index] =>
        Source.AsMemory((int)(index * 8191L % (Source.Length - _size + 1)), _size);

    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static byte[] Draw(int length)
    {
        byte[] bytes = new byte[length];
        RandomSource.FromSeed(7).Fill(bytes);
        return bytes;
    }
}
