using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Storage;
using LinkCodec.Models.Zstd;

namespace LinkCodec.ModelBuilder;

/// <summary>
/// Writes the manifest of a folder with the files of a snapshot of the family "mixed" or "language", so that it becomes
/// one.
/// </summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, sections 1 to 4.</remarks>
public static class SnapshotSealer
{
    private const int LargestBatch = 64;

    /// <summary>The probe where none is given: a message of each kind that links carry, some 300 bytes.</summary>
    public static ReadOnlySpan<byte> DefaultProbe =>
        "All is well and the crew is safe.\u001e"u8 +
        "{\"id\":18,\"t\":-3.25,\"ok\":true}\u001e"u8 +
        "1700000060,18.6,7\n1700000120,18.7,7\u001e"u8 +
        "Nov 14 22:13:20 node-4 sshd[811]: closed\u001e"u8 +
        "$GPGLL,5321.68,N,00630.33,W,092750,A*2F\u001e"u8 +
        "METAR EDDF 220950Z 24008KT 9999 Q1021=\u001e"u8 +
        "1 25544U 98067A   23318.50000000\u001e"u8 +
        "\u0001\u0004\u0000\u0010\u0001\u0005\u0000\u0011\u0001\u0006\u0000\u0012\u00e4\u20ac\u001e"u8 +
        "From: ann@example.org\nSubject: Stores\n"u8;

    /// <summary>
    /// Lists a folder's files with their hashes, computes the fingerprint on this machine, and writes the manifest,
    /// over an older one too.
    /// </summary>
    /// <param name="folder">
    /// The folder with <c>context-mixing.bin</c>; <c>dictionary.bin</c> or none; <c>network-0.onnx</c> and so on, and
    /// <c>weights-table.bin</c> where there is a network; <c>zstd-dictionary.bin</c> or none. With
    /// <c>language.bin</c> too it is a language model, with <c>tokenizer.bin</c>, <c>weights-table.bin</c>, and
    /// <c>preambles.bin</c> or none. Other files are not part of the snapshot.
    /// </param>
    /// <param name="label">The snapshot's label, for people: at most 64 bytes of UTF-8 without control characters.
    /// Another label is another name.</param>
    /// <param name="probe">
    /// The text that the fingerprint is computed for, at most 4,096 bytes: messages with a byte 0x1E between them, one
    /// for each way in which the model works. Loading takes time linear in it.
    /// </param>
    /// <returns>The manifest that was written. Equal files, label and probe give equal bytes on every
    /// machine.</returns>
    /// <exception cref="ArgumentException">The label or the probe breaks the spec.</exception>
    /// <exception cref="LinkException">A file is missing or not what its name says, or NumericsMismatch: this machine
    /// must not seal. Nothing is written then.</exception>
    /// <exception cref="IOException">The manifest cannot be written.</exception>
    public static SnapshotManifest Seal(string folder, string label, ReadOnlySpan<byte> probe)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probe.Length, SnapshotLimits.ProbeBytes, nameof(probe));
        string network = Path.Combine(folder, LanguageSnapshot.NetworkPath);
        if (File.Exists(network))
        {
            return LanguageSealer.WriteManifest(folder, label, probe, LanguageSealer.ReadShape(network),
                PredictorCatalog.Create);
        }

        byte[] text = probe.ToArray();
        Dictionary<string, ReadOnlyMemory<byte>> files = ReadFiles(new SnapshotFolder(folder),
            out List<ByteNetworkShape> networks);
        return Seal(
            folder,
            files,
            (listed, fingerprint) => new SnapshotManifest(
                SnapshotManifest.MixedFamily, label, SnapshotManifest.MixedFrequencyBits, listed, text,
                fingerprint, networks),
            PredictorCatalog.Create);
    }

    /// <summary>Seals a folder of any family.</summary>
    /// <param name="folder">The folder that the manifest is written to.</param>
    /// <param name="files">The files to be listed, by path; the draft of a manifest is added.</param>
    /// <param name="makeManifest">Makes a manifest of the listed files and a fingerprint.</param>
    /// <param name="create">Makes the predictor.</param>
    /// <exception cref="LinkException">The cases that the public method names.</exception>
    internal static SnapshotManifest Seal(
        string folder,
        Dictionary<string, ReadOnlyMemory<byte>> files,
        Func<SnapshotFile[], NumericFingerprint, SnapshotManifest> makeManifest,
        Func<SnapshotFiles, Predictor> create)
    {
        SnapshotFile[] listed = [.. files.Select(f => SnapshotFile.Of(f.Key, f.Value.Span))];

        // The predictor is made as everybody makes it, from a manifest that only lacks the fingerprint.
        SnapshotManifest draft = makeManifest(listed, NumericFingerprint.None);
        files[SnapshotFiles.ManifestPath] = draft.Bytes;
        SnapshotFiles opened = SnapshotFiles.Open(new MemorySnapshotSource(folder, files));
        _ = new ZstdCompressorFactory(ZstdDictionaryFile.Read(opened).Span, $"{folder}/{ZstdDictionaryFile.Path}");
        SnapshotManifest manifest = makeManifest(listed, Fingerprint(opened, create));
        Write(Path.Combine(folder, SnapshotFiles.ManifestPath), manifest.Bytes.Span);
        return manifest;
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadFiles(
        SnapshotFolder folder, out List<ByteNetworkShape> networks)
    {
        Dictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);
        Add(folder, files, MixedSnapshot.ContextMixingPath, isNeeded: true);
        Add(folder, files, MixedSnapshot.DictionaryPath, isNeeded: false);
        Add(folder, files, ZstdDictionaryFile.Path, isNeeded: false);
        networks = AddNetworks(folder, files);
        if (networks.Count > 0)
        {
            Add(folder, files, MixedSnapshot.TablePath, isNeeded: true);
        }

        return files;
    }

    /// <summary>Adds a folder's networks over bytes, and gives their dimensions.</summary>
    /// <exception cref="LinkException">A graph is not a byte net's.</exception>
    internal static List<ByteNetworkShape> AddNetworks(
        SnapshotFolder folder, Dictionary<string, ReadOnlyMemory<byte>> files)
    {
        List<ByteNetworkShape> networks = [];
        for (string path = MixedSnapshot.NetworkPath(0); Add(folder, files, path, isNeeded: false);
            path = MixedSnapshot.NetworkPath(networks.Count))
        {
            networks.Add(ShapeOf(files[path]));
        }

        return networks;
    }

    /// <summary>Adds a file of a folder; false where it is not there.</summary>
    /// <exception cref="LinkException">The file is needed and not there.</exception>
    internal static bool Add(SnapshotFolder folder, Dictionary<string, ReadOnlyMemory<byte>> files, string path,
        bool isNeeded)
    {
        if (folder.TryGetSize(path, out long _) && folder.TryOpen(path, out ReadOnlyMemory<byte> content))
        {
            files[path] = content;
            return true;
        }

        return isNeeded
            ? throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{folder.Location}/{path}: expected a file, found none.")
            : false;
    }

    /// <summary>The dimensions of a graph's network.</summary>
    /// <exception cref="LinkException">The graph is not a byte net's.</exception>
    internal static ByteNetworkShape ShapeOf(ReadOnlyMemory<byte> graph)
    {
        using ByteNetExecutor executor = ByteNetExecutor.Open(graph.ToArray(), LargestBatch, null);
        return new ByteNetworkShape(executor.Shape.States, executor.Shape.Width, LargestBatch);
    }

    private static NumericFingerprint Fingerprint(SnapshotFiles files, Func<SnapshotFiles, Predictor> create)
    {
        using Predictor predictor = create(files);
        return NumericFingerprint.TryCompute(predictor, predictor.FrequencyBits, files.Manifest.Probe.Span,
            out NumericFingerprint fingerprint)
            ? fingerprint
            : throw new LinkException(LinkErrorCode.NumericsMismatch, $"{files.Location}: expected the same decisions "
                + "alone and in a group of five, found others on this machine.");
    }

    // Whole or not at all: a reader never sees half a manifest.
    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string draft = path + ".new";
        File.WriteAllBytes(draft, bytes);
        File.Move(draft, path, overwrite: true);
    }
}
