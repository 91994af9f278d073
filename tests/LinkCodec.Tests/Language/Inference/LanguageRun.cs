using System.Runtime.InteropServices;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Tests.Language.Store;
using Microsoft.ML.OnnxRuntime;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>Hashes of a small transformer's logits, for other processors.</summary>
internal static class LanguageRun
{
    private const int Tokens = 40;
    private const ulong Start = 0xCBF2_9CE4_8422_2325; // FNV-1a

    /// <summary>A network with everything that a family can have.</summary>
    internal static TransformerShape Shape { get; } = TinyStore.Qwen3 with { HasBias = true, Window = 64 };

    /// <summary>
    /// Writes its store. Its tables and ranges are computed here: only the file is the same elsewhere.
    /// </summary>
    internal static void Write(string path) => File.WriteAllBytes(path, new TinyStore(Shape).Exact());

    /// <summary>The hash of three rows, step by step.</summary>
    internal static string Steps(string path)
    {
        using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Open(path), GraphForm.UInt8,
            OnnxTransformer.DefaultOptions);
        using KvCache cache = network.CreateCache(3);
        int[][] texts = [.. Enumerable.Range(0, 3).Select(Text)];
        ulong hash = Start;
        for (int step = 0; step < Tokens; step++)
        {
            hash = Add(hash, cache.Step([texts[0][step], texts[1][step], texts[2][step]]));
        }

        return hash.ToString("x16");
    }

    /// <summary>The hash of one text at once, in all forms and two optimisations.</summary>
    internal static string Texts(string path)
    {
        ulong hash = Start;
        foreach ((GraphForm form, GraphOptimizationLevel level) in ((GraphForm, GraphOptimizationLevel)[])[
            (GraphForm.UInt8, GraphOptimizationLevel.ORT_ENABLE_ALL),
            (GraphForm.Int8, GraphOptimizationLevel.ORT_DISABLE_ALL),
            (GraphForm.Float, GraphOptimizationLevel.ORT_ENABLE_ALL)])
        {
            using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Open(path), form,
                OnnxTransformer.DefaultOptions with { Optimisation = level });
            using KvCache cache = network.CreateCache(1);
            hash = Add(hash, cache.Append(0, Text(0), Tokens));
        }

        return hash.ToString("x16");
    }

    private static int[] Text(int row)
    {
        // No Random: the same everywhere, for good.
        uint state = (uint)row + 1;
        return [.. Enumerable.Range(0, Tokens)
            .Select(_ => (int)((state = (state * 1_664_525) + 1_013_904_223) >> 8) % Shape.Vocabulary)];
    }

    private static ulong Add(ulong hash, ReadOnlySpan<float> logits)
    {
        foreach (byte b in MemoryMarshal.AsBytes(logits))
        {
            hash = (hash ^ b) * 0x100_0000_01B3;
        }

        return hash;
    }
}
