using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Bytes;

/// <summary>
/// A table that turns integer logits into integer weights: the weight of a symbol that lies d steps below the best one
/// is the table's entry d.
/// </summary>
/// <remarks>
/// The table ships with the snapshot, since no platform's exponential is portable to the last bit. Immutable. Spec:
/// protocol-spec/07-prediction.md.
/// </remarks>
internal sealed class WeightsTable
{
    /// <summary>The number of entries; all larger distances take the last one.</summary>
    internal const int Entries = 1024;

    /// <summary>Bytes of its file: entries of 32 bits, little-endian.</summary>
    internal const int FileBytes = Entries * sizeof(uint);

    private readonly uint[] _entries;

    private WeightsTable(uint[] entries) => _entries = entries;

    /// <summary>Reads the file's bytes.</summary>
    /// <exception cref="LinkException">The length is wrong, an entry is above <see cref="Predictor.MaxWeight"/>, or the
    /// best symbol would weigh nothing.</exception>
    internal static WeightsTable Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length != FileBytes)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"The snapshot's weights table has {file.Length} bytes instead of {FileBytes}.");
        }

        uint[] entries = new uint[Entries];
        for (int i = 0; i < Entries; i++)
        {
            entries[i] = BinaryPrimitives.ReadUInt32LittleEndian(file[(i * sizeof(uint))..]);
            if (entries[i] > Predictor.MaxWeight) // spec 7.1-2
            {
                throw new LinkException(LinkErrorCode.SnapshotNotFound,
                    $"Entry {i} of the snapshot's weights table is above {Predictor.MaxWeight}.");
            }
        }

        if (entries[0] == 0) // spec 7.1-2: some symbol always takes this entry
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound,
                "The snapshot's weights table gives the best symbol no weight.");
        }

        return new WeightsTable(entries);
    }

    /// <summary>A copy of the entries.</summary>
    internal uint[] ToArray() => [.. _entries];

    /// <summary>
    /// Writes the weights of one row of logits. Any logits are taken: distances are counted without overflow.
    /// </summary>
    internal void Fill(ReadOnlySpan<int> logits, Span<uint> weights)
    {
        // spec 7.3-1
        uint best = (uint)Max(logits);
        ReadOnlySpan<uint> unsigned = MemoryMarshal.Cast<int, uint>(logits);
        weights = weights[..logits.Length];
        var bests = new Vector<uint>(best);
        var last = new Vector<uint>(Entries - 1);
        int i = 0;
        for (; i <= logits.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            // Modulo 2^32 the difference of two signed integers is their distance, even where it exceeds 2^31.
            Vector.Min(bests - new Vector<uint>(unsigned[i..]), last).CopyTo(weights[i..]);
        }

        for (; i < logits.Length; i++)
        {
            weights[i] = Math.Min(unchecked(best - unsigned[i]), Entries - 1);
        }

        uint[] entries = _entries;
        for (i = 0; i < weights.Length; i++)
        {
            weights[i] = entries[weights[i]];
        }
    }

    /// <summary>Fills the weights by their definition, one symbol at a time; the tests compare.</summary>
    internal void FillPlainly(ReadOnlySpan<int> logits, Span<uint> weights)
    {
        long best = long.MinValue;
        foreach (int logit in logits)
        {
            best = Math.Max(best, logit);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            weights[i] = _entries[Math.Min(best - logits[i], Entries - 1)];
        }
    }

    private static int Max(ReadOnlySpan<int> values)
    {
        int max = int.MinValue;
        int i = 0;
        if (values.Length >= Vector<int>.Count)
        {
            var best = new Vector<int>(max);
            for (; i <= values.Length - Vector<int>.Count; i += Vector<int>.Count)
            {
                best = Vector.Max(best, new Vector<int>(values[i..]));
            }

            for (int j = 0; j < Vector<int>.Count; j++)
            {
                max = Math.Max(max, best[j]);
            }
        }

        for (; i < values.Length; i++)
        {
            max = Math.Max(max, values[i]);
        }

        return max;
    }
}
