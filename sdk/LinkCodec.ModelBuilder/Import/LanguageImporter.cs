using System.Buffers.Binary;
using System.Globalization;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Quantisation;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>
/// Makes the files of an exact network from those of a causal transformer: "language.bin", "tokenizer.bin" and
/// "weights-table.bin" of a snapshot.
/// </summary>
public static class LanguageImporter
{
    /// <summary>Positions that a network sees at least.</summary>
    internal const int MinWindow = 16;

    /// <summary>
    /// Imports a model. Takes some minutes for a hundred million weights, and beside memory four bytes a weight of disk
    /// in <paramref name="folder"/> meanwhile.
    /// </summary>
    /// <param name="path">A .gguf file, or a folder with config.json, *.safetensors and tokenizer.json.</param>
    /// <param name="folder">Takes the files; made where it is missing. Files of these names are replaced, and a
    /// manifest that no longer fits is removed.</param>
    /// <param name="options">The options of the import.</param>
    /// <param name="progress">Told what is being done, in a few words, from the calling thread.</param>
    /// <param name="cancel">Stops the work within a layer's time.</param>
    /// <exception cref="ArgumentException">The window is out of its range.</exception>
    /// <exception cref="LinkException">The model cannot be imported; the message says why. Nothing is left in the
    /// folder then.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static LanguageImportReport Import(string path, string folder, LanguageImportOptions options,
        Action<string> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        progress("opening the model");
        using ModelWeights weights = ModelWeights.Open(path);
        return Import(weights, ModelTokenizer.Read(weights, path), folder, options, progress, cancel);
    }

    /// <summary>Imports an opened model, which stays the caller's.</summary>
    internal static LanguageImportReport Import(
        ModelWeights weights, TokenTable tokens, string folder, LanguageImportOptions options, Action<string> progress,
        CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Window, MinWindow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Window, TransformerLimits.Window);
        TransformerShape shape = ImportShape.Of(weights.Config, tokens.Count, options.Window);
        BytePairTokenizer tokenizer = new(tokens);
        (ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> tail) = CalibrationText.Split(
            options.Calibration.IsEmpty ? CalibrationText.Default() : options.Calibration.ToArray());
        List<int> sample = [];
        tokenizer.Encode(start.Span, sample);
        sample.RemoveAll(token => token < 0);
        ReadOnlyMemory<byte>[] messages = [.. (options.Texts.Count > 0 ? options.Texts : [tail])
            .SelectMany(CalibrationText.Messages)];

        Directory.CreateDirectory(folder);
        string draft = Path.Combine(folder, "language.bin.new");
        byte[] table = MakeWeightsTable();
        try
        {
            using TemporaryFile store = TemporaryFile.Create(folder);
            string floats = store.Path;
            WeightRotator rotator = new(weights, shape, RandomSource.FromSeed(options.Seed));
            FloatStore.Write(store.Stream, weights.Config, shape, rotator, Told("rotating layer"));
            store.Stream.Flush();
            progress("calibrating");
            (KvCacheRanges ranges, CrossEntropy inFloats) = Reference(floats, shape, tokenizer, sample.ToArray(),
                messages, table, Told("measuring in floats, message"), cancel);
            using (TensorStoreReader source = TensorStoreReader.Open(floats))
            {
                Store(draft, stream => ExactStore.Write(stream, source, shape, ranges, Told("quantising layer")));
            }

            store.Stream.SetLength(0);
            CrossEntropy exact = Measure(draft, GraphForm.UInt8, network => CrossEntropy.Measure(network, tokenizer,
                messages, WeightsTable.Parse(table), Told("measuring, message")));
            File.Delete(Path.Combine(folder, SnapshotFiles.ManifestPath));
            File.WriteAllBytes(Path.Combine(folder, LanguageSnapshot.TokensPath), TokenizerFile.Write(tokens));
            File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.TablePath), table);
            File.Move(draft, Path.Combine(folder, LanguageSnapshot.NetworkPath), overwrite: true);
            return new LanguageImportReport(
                weights.Config.Family, shape.Layers, shape.Width, shape.Vocabulary, shape.Window,
                new FileInfo(Path.Combine(folder, LanguageSnapshot.NetworkPath)).Length, inFloats.ModelBitsPerByte,
                exact.ModelBitsPerByte, exact.CodedBitsPerByte);
        }
        finally
        {
            File.Delete(draft);
        }

        Action<int, int> Told(string what) => (done, all) =>
        {
            cancel.ThrowIfCancellationRequested();
            progress(string.Create(CultureInfo.InvariantCulture, $"{what} {Math.Min(done + 1, all)} of {all}"));
        };
    }

    private static (KvCacheRanges Ranges, CrossEntropy Cost) Reference(
        string floats, TransformerShape shape, BytePairTokenizer tokenizer, int[] sample,
        ReadOnlyMemory<byte>[] messages, byte[] table, Action<int, int> done, CancellationToken cancel) =>
        Measure(floats, GraphForm.Reference, network => (
            KvCacheCalibrator.Measure(network, shape, tokenizer.BeginToken, sample, cancel),
            CrossEntropy.Measure(network, tokenizer, messages, WeightsTable.Parse(table), done)));

    private static T Measure<T>(string store, GraphForm form, Func<OnnxTransformer, T> measure)
    {
        GraphOptions options = OnnxTransformer.DefaultOptions with { Threads = Environment.ProcessorCount };
        using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Open(store), form, options);
        return measure(network);
    }

    private static void Store(string path, Action<Stream> write)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        write(stream);
    }

    /// <summary>Weights of tokens by their distance to the best one, in 64ths of a nat.</summary>
    private static byte[] MakeWeightsTable()
    {
        byte[] file = new byte[WeightsTable.FileBytes];
        for (int i = 0; i < WeightsTable.Entries; i++)
        {
#pragma warning disable RS0030 // The table ships as data.
            uint weight = (uint)Math.Round(Math.Exp(-i / (double)LookupTables.Steps) * Predictor.MaxWeight);
#pragma warning restore RS0030
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(i * sizeof(uint)), weight);
        }

        return file;
    }
}
