using System.Buffers;
using LinkCodec.Core.Primitives;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Trains the dictionary of the blocks that zstd compresses. Deterministic: it depends on the recipe and the files
/// alone.
/// </summary>
internal static class ZstdDictionaryTrainer
{
    /// <summary>Bytes of a dictionary: measured, models/README.md.</summary>
    public const int Size = 112_640;

    private const int MinSize = 1_024;
    private const int BlockBytes = 4_000; // about what fits a segment: matches within a block need no dictionary
    private const uint ShortestMatch = 6;
    private const uint LogOfTable = 20;
    private const uint SegmentLengthsTried = 8;

    /// <summary>
    /// Trains on the files' messages, joined to blocks as a link joins them. Takes some seconds for 10 MB.
    /// </summary>
    /// <param name="recipe">The recipe that says how much of each file is learnt from.</param>
    /// <param name="files">The files. None of their order shows but that in which the names stand.</param>
    /// <returns>A dictionary of at most <see cref="Size"/> bytes, smaller where the messages are few; empty where the
    /// recipe asks for none or they are too few for any.</returns>
    public static byte[] Train(TrainingRecipe recipe, IReadOnlyList<TrainingFile> files)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(files);
        byte[][] blocks = [.. files.Where(file => recipe.ProfileOf(file.Name) >= 0)
            .SelectMany(file => Pick(file, recipe.ZstdSampleBytesOf(file.Name)))];

        // The trainer deals its dictionary's room out by the place in the samples: no kind may stand in one place.
        byte[][] mixed = [.. new Draw("zstd-dictionary").Order(blocks.Length).Select(i => blocks[i])];
        for (int size = Size; size >= MinSize && mixed.Length > 0; size /= 2)
        {
            try
            {
                return DictBuilder.TrainFromBufferFastCover(mixed, Parameters, size).ToArray();
            }
            catch (ZstdException)
            {
                // Too few messages for a dictionary of this size, as for the smaller ones perhaps.
            }
        }

        return [];
    }

    private static ZDICT_fastCover_params_t Parameters => new()
    {
        d = ShortestMatch,
        f = LogOfTable,
        steps = SegmentLengthsTried,
        accel = 1,
        splitPoint = 1, // what is tried is measured on all samples
        nbThreads = 1,
    };

    // Evenly from the whole file, so that no part of it is left out.
    private static List<byte[]> Pick(TrainingFile file, long bytes)
    {
        List<byte[]> picked = [];
        long all = Math.Max(1, file.Bytes);
        long share = Math.Min(bytes, all);
        long due = 0;
        ArrayBufferWriter<byte> block = new();
        foreach (ReadOnlyMemory<byte> piece in file.Messages.SelectMany(SamplePicker.Cut))
        {
            VarInt.Write(block.GetSpan(8), (ulong)piece.Length);
            block.Advance(VarInt.Length((ulong)piece.Length));
            block.Write(piece.Span);
            if (block.WrittenCount >= BlockBytes)
            {
                Take();
            }
        }

        if (block.WrittenCount > 0)
        {
            Take();
        }

        return picked;

        void Take()
        {
            due += share;
            if (due >= all)
            {
                due -= all;
                picked.Add(block.WrittenSpan.ToArray());
            }

            block.ResetWrittenCount();
        }
    }
}
