using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Fuzz;

/// <summary>Makes new inputs out of a corpus: same corpus and seed, same inputs.</summary>
public sealed class Mutator(IReadOnlyList<byte[]> corpus, ulong seed)
{
    private const int MaxLength = 4096;

    private static readonly byte[] Edges = [0x00, 0x01, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF];

    private readonly RandomSource _random = RandomSource.FromSeed(seed);

    /// <summary>The next input: an entry of the corpus with one to eight changes.</summary>
    public byte[] Next()
    {
        List<byte> input = [.. Pick(corpus)];
        for (int changes = 1 + Below(8); changes > 0; changes--)
        {
            Change(input);
        }

        return [.. input.Take(MaxLength)];
    }

    private void Change(List<byte> input)
    {
        int at = Below(input.Count + 1);
        int run = Math.Min(1 + Below(16), input.Count - at);
        switch (Below(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << Below(8));
                break;
            case 1 when at < input.Count:
                input[at] = Edges[Below(Edges.Length)];
                break;
            case 2:
                input.Insert(at, (byte)Below(256));
                break;
            case 3:
                input.RemoveRange(at, run);
                break;
            case 4:
                input.InsertRange(at, input.GetRange(at, run));
                break;
            case 5:
                input.RemoveRange(at, input.Count - at);
                break;
            case 6:
                byte[] other = Pick(corpus);
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other[Below(other.Length + 1)..]);
                break;
            case 7:
                input.InsertRange(at, Number());
                break;
        }
    }

    // A length or counter at an edge: where parsers go wrong.
    private byte[] Number()
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, (1UL << Below(64)) - (ulong)Below(2));
        return number[(8 - (1 << Below(4)))..];
    }

    private byte[] Pick(IReadOnlyList<byte[]> entries) => entries[Below(entries.Count)];

    private int Below(int limit) => (int)(_random.NextUInt64() % (ulong)limit);
}
