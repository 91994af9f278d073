using System.Runtime.InteropServices;
using LinkCodec.Core.Prediction;
using LinkCodec.Models.Bytes;

namespace LinkCodec.Tests.Bytes;

/// <summary>
/// Runs a byte net over fixed pseudo-random byte sequences and hashes every row of logits and of frequencies.
/// </summary>
/// <remarks>
/// Also compiled into the program that runs under emulation; tests/emulation/driver.c computes the same hashes.
/// </remarks>
internal static class ExactnessRun
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Hashes over all sequences; the same however they are grouped into batches.</summary>
    internal static Hashes Of(ByteNetPredictor predictor, int sequences, int steps, int batch)
    {
        int alphabet = predictor.AlphabetSize;
        ulong[] logits = new ulong[sequences];
        ulong[] frequencies = new ulong[sequences];
        logits.AsSpan().Fill(Offset);
        frequencies.AsSpan().Fill(Offset);
        var quantiser = new FrequencyQuantiser(alphabet, predictor.FrequencyBits);
        using var lanes = (ByteNetLanes)predictor.CreateLanes(batch);
        uint[] weights = new uint[batch * alphabet];
        int[] symbols = new int[batch];
        for (int first = 0; first < sequences; first += batch)
        {
            int rows = Math.Min(batch, sequences - first);
            for (int lane = 0; lane < rows; lane++)
            {
                lanes.Start(lane, weights.AsSpan(0, alphabet));
                Add(ref logits[first + lane], predictor.Model.Start.Logits);
                Add(ref frequencies[first + lane], Frequencies(quantiser, weights.AsSpan(0, alphabet)));
            }

            for (int step = 0; step < steps; step++)
            {
                for (int lane = 0; lane < rows; lane++)
                {
                    symbols[lane] = Symbol(first + lane, step);
                }

                lanes.Step(symbols.AsSpan(0, rows), weights.AsSpan(0, rows * alphabet));
                for (int lane = 0; lane < rows; lane++)
                {
                    Add(ref logits[first + lane], lanes.Logits(lane));
                    Add(ref frequencies[first + lane],
                        Frequencies(quantiser, weights.AsSpan(lane * alphabet, alphabet)));
                }
            }
        }

        return new Hashes(Combine(logits), Combine(frequencies));
    }

    /// <summary>Even sequences stay near letters, odd ones use every byte.</summary>
    internal static int Symbol(int sequence, int step)
    {
        uint x = unchecked(((uint)sequence * 7919) + ((uint)step * 104729) + 12345);
        x = unchecked((x ^ (x >> 16)) * 0x7feb352d);
        x = unchecked((x ^ (x >> 15)) * 0x846ca68b);
        x ^= x >> 16;
        return (int)(sequence % 2 == 0 ? 32 + (x % 96) : x % 256);
    }

    private static ReadOnlySpan<int> Frequencies(FrequencyQuantiser quantiser, ReadOnlySpan<uint> weights)
    {
        quantiser.Load(weights);
        int[] row = new int[weights.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (int)quantiser.Interval(i).Frequency;
        }

        return row;
    }

    private static ulong Combine(ulong[] hashes)
    {
        ulong all = Offset;
        Add(ref all, MemoryMarshal.Cast<ulong, int>(hashes));
        return all;
    }

    private static void Add(ref ulong hash, ReadOnlySpan<int> row)
    {
        // FNV-1a over the row's little-endian bytes.
        foreach (byte b in MemoryMarshal.AsBytes(row))
        {
            hash = unchecked((hash ^ b) * Prime);
        }
    }

    /// <summary>The hashes that are compared between configurations.</summary>
    internal readonly record struct Hashes(ulong Logits, ulong Frequencies)
    {
        /// <inheritdoc/>
        public override string ToString() => $"logits={Logits:x16} frequencies={Frequencies:x16}";
    }
}
