using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Models.Storage;

namespace LinkCodec.ModelBuilder.Import;

/// <summary>
/// Makes a snapshot of the files of an imported model: adds context mixing for what it does not shorten, and preambles,
/// and seals it.
/// </summary>
public static class LanguageSealer
{
    /// <summary>Names of the files that a language model's snapshot may have.</summary>
    public static IReadOnlyList<string> FileNames => [.. LanguageSnapshot.EveryPath];

    /// <summary>
    /// The probe where none is given: shorter than that of small models, since loading a snapshot runs it several
    /// times.
    /// </summary>
    internal static ReadOnlySpan<byte> DefaultProbe =>
        "All is well and the crew is safe.\u001e"u8 +
        "{\"id\":18,\"t\":-3.25,\"ok\":true}\u001e"u8 +
        "Nov 14 22:13:20 node-4 sshd[811]: closed\u001e"u8 +
        "\u0001\u0004\u0000\u0010\u0001\u0005\u0000\u0011\u001e"u8 +
        "Wind west, \u00c3\u009f 3 \u00b5m.\nThe sky is clear.\n"u8;

    /// <summary>Adds files to a folder and writes its manifest.</summary>
    /// <param name="folder">The folder that <see cref="LanguageImporter"/> wrote.</param>
    /// <param name="label">The snapshot's label, for people: at most 64 bytes of UTF-8 without control
    /// characters.</param>
    /// <param name="mixing">A snapshot of the family "mixed", such as mixed-1; its context mixing and the networks of
    /// it are copied.</param>
    /// <param name="preambles">
    /// UTF-8 text that is read before each message that starts without a context, by the name of a profile of the
    /// context mixing: sample messages of its kind with newlines between them. At most 1,024 tokens of it are kept, and
    /// of a window of 2,048 one fewer. Both ends hold them: no bits on the air.
    /// </param>
    /// <returns>The manifest that was written.</returns>
    /// <exception cref="ArgumentException">The label breaks the spec, or the context mixing is none or has no such
    /// profile. Nothing is written then.</exception>
    /// <exception cref="LinkException">A file is missing or not what its name says, or NumericsMismatch: this machine
    /// must not seal. The folder has no manifest then.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal static SnapshotManifest Seal(string folder, string label, SnapshotFiles mixing,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> preambles)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(preambles);
        string[] names = ProfileNames(label, mixing, preambles.Keys);
        string older = Path.Combine(folder, SnapshotFiles.ManifestPath);
        if (File.Exists(older))
        {
            File.Delete(older); // The older manifest would no longer fit.
        }

        CheckTable(folder, mixing);
        TokenNetworkShape shape = ReadShape(Path.Combine(folder, LanguageSnapshot.NetworkPath));
        byte[] starts = PreambleSet.Write(
            Encode(folder, names, preambles, Math.Min(PreambleSet.Longest, shape.ContextTokens - 1)));
        File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.ContextMixingPath),
            mixing.ReadNeeded(MixedSnapshot.ContextMixingPath).Span);
        Put(MixedSnapshot.DictionaryPath, mixing.Names(MixedSnapshot.DictionaryPath),
            () => mixing.Read(MixedSnapshot.DictionaryPath));
        Put(ZstdDictionaryFile.Path, mixing.Names(ZstdDictionaryFile.Path),
            () => mixing.Read(ZstdDictionaryFile.Path));
        Put(LanguageSnapshot.PreamblesPath, preambles.Count > 0, () => starts);
        for (int i = 0; i < SnapshotLimits.Networks; i++)
        {
            string path = MixedSnapshot.NetworkPath(i);
            Put(path, i < mixing.Manifest.Networks.Count, () => mixing.ReadNeeded(path));
        }

        return WriteManifest(folder, label, DefaultProbe, shape, PredictorCatalog.Create);

        // An older one must not stay behind: it would be sealed too.
        void Put(string path, bool isWanted, Func<ReadOnlyMemory<byte>> content)
        {
            File.Delete(Path.Combine(folder, path));
            if (isWanted)
            {
                File.WriteAllBytes(Path.Combine(folder, path), content().Span);
            }
        }
    }

    /// <summary>
    /// Refuses what <see cref="Seal"/> would refuse whatever the folder holds: worth asking before an import takes its
    /// minutes.
    /// </summary>
    /// <param name="label">The label of <see cref="Seal"/>.</param>
    /// <param name="mixing">The context mixing of <see cref="Seal"/>.</param>
    /// <param name="profiles">The names of the profiles that are to have preambles.</param>
    /// <exception cref="ArgumentException">The label breaks the spec, or the context mixing is none or has no such
    /// profile.</exception>
    /// <exception cref="LinkException">The files of the context mixing are missing or altered.</exception>
    internal static void Check(string label, SnapshotFiles mixing, IEnumerable<string> profiles) =>
        ProfileNames(label, mixing, profiles);

    /// <summary>Refuses a label that no manifest may have.</summary>
    internal static void CheckLabel(string label)
    {
        ArgumentNullException.ThrowIfNull(label);

        // A manifest of any file knows what a label may be.
        _ = new SnapshotManifest(label,
            [new SnapshotFile(LanguageSnapshot.NetworkPath, 1, new byte[SnapshotName.Size])], [],
            NumericFingerprint.None, new TokenNetworkShape(2, 16, 4, 8));
    }

    /// <summary>
    /// Writes the manifest of a folder with the files of a language model, as <see cref="SnapshotSealer"/> does for
    /// other families.
    /// </summary>
    /// <param name="folder">The folder, with all files that the family needs.</param>
    /// <param name="label">The snapshot's label, for people.</param>
    /// <param name="probe">The text that the fingerprint is computed for.</param>
    /// <param name="shape">The network's dimensions.</param>
    /// <param name="create">Makes the predictor of the opened files.</param>
    /// <returns>The manifest that was written.</returns>
    /// <exception cref="ArgumentException">Label, probe or dimensions break the spec.</exception>
    /// <exception cref="LinkException">A file is missing or not what its name says, or NumericsMismatch. Nothing is
    /// written then.</exception>
    internal static SnapshotManifest WriteManifest(string folder, string label, ReadOnlySpan<byte> probe,
        TokenNetworkShape shape, Func<SnapshotFiles, Predictor> create)
    {
        SnapshotFolder source = new(folder);
        Dictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);
        foreach ((string path, bool isNeeded) in LanguageSnapshot.Paths)
        {
            SnapshotSealer.Add(source, files, path, isNeeded);
        }

        List<ByteNetworkShape> networks = SnapshotSealer.AddNetworks(source, files);
        byte[] text = probe.ToArray();
        return SnapshotSealer.Seal(folder, files,
            (listed, fingerprint) => new SnapshotManifest(label, listed, text, fingerprint, shape, networks), create);
    }

    private static string[] ProfileNames(string label, SnapshotFiles mixing, IEnumerable<string> profiles)
    {
        ArgumentNullException.ThrowIfNull(mixing);
        ArgumentNullException.ThrowIfNull(profiles);
        CheckLabel(label);
        if (mixing.Manifest.Family != SnapshotManifest.MixedFamily)
        {
            throw new ArgumentException($"'{mixing.Manifest.Label}' is not a snapshot of context mixing.");
        }

        string[] names = [.. MixedSnapshot.ReadModel(mixing).ProfileNames];
        string? unknown = profiles.Except(names).Order(StringComparer.Ordinal).FirstOrDefault();
        return unknown is null ? names : throw new ArgumentException(
            $"The context mixing has no profile '{unknown}'; it has {string.Join(", ", names)}.");
    }

    // One file serves the language model and the networks of the context mixing.
    private static void CheckTable(string folder, SnapshotFiles mixing)
    {
        if (mixing.Manifest.Networks.Count > 0
            && new SnapshotFolder(folder).TryOpen(MixedSnapshot.TablePath, out ReadOnlyMemory<byte> own)
            && !own.Span.SequenceEqual(mixing.ReadNeeded(MixedSnapshot.TablePath).Span))
        {
            throw new LinkException(LinkErrorCode.SnapshotAltered,
                $"{folder}/{MixedSnapshot.TablePath}: expected that of '{mixing.Manifest.Label}', found another.");
        }
    }

    /// <summary>
    /// The dimensions of a store's network as a manifest gives them: of its window, a quarter goes on, and half is
    /// context.
    /// </summary>
    internal static TokenNetworkShape ReadShape(string path)
    {
        using TensorStoreReader store = TensorStoreReader.Open(path);
        TransformerShape shape = StoredShape.Read(store);
        return new TokenNetworkShape(shape.Vocabulary, shape.Window, shape.Window / 4, shape.Window / 2);
    }

    private static (int Profile, int[] Tokens)[] Encode(string folder, string[] names,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> preambles, int longest)
    {
        string path = Path.Combine(folder, LanguageSnapshot.TokensPath);
        if (!new SnapshotFolder(folder).TryOpen(LanguageSnapshot.TokensPath, out ReadOnlyMemory<byte> file))
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{path}: expected a file, found none.");
        }

        BytePairTokenizer tokenizer = new(TokenizerFile.Read(file.Span, path));
        List<(int Profile, int[] Tokens)> found = [];
        foreach ((string name, ReadOnlyMemory<byte> text) in preambles)
        {
            List<int> tokens = [];
            tokenizer.Encode(text.Span[..Math.Min(text.Length, longest * 32)], tokens);
            tokens.RemoveAll(token => token < 0); // raw bytes are none of the network's business
            if (tokens.Count > 0)
            {
                found.Add((Array.IndexOf(names, name), [.. tokens.Take(longest)]));
            }
        }

        return [.. found.OrderBy(one => one.Profile)];
    }
}
