using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Running.Sharing;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokens;
using LinkCodec.Models.Mixed;
using LinkCodec.Models.Storage;

namespace LinkCodec.Models.Language.Running;

/// <summary>Makes predictors of snapshots of the family "language".</summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, section 3.</remarks>
internal static class LanguageSnapshot
{
    /// <summary>The file with the network's tensors, its shape among them.</summary>
    internal const string NetworkPath = "language.bin";

    /// <summary>The file with the tokens.</summary>
    internal const string TokensPath = "tokenizer.bin";

    /// <summary>The file with tokens that messages start after; a snapshot may lack it.</summary>
    internal const string PreamblesPath = "preambles.bin";

    /// <summary>Every file that the family reads, but for networks of context mixing, and whether a snapshot needs it.</summary>
    internal static IReadOnlyList<(string Path, bool IsNeeded)> Paths { get; } =
    [
        (NetworkPath, true), (TokensPath, true), (MixedSnapshot.ContextMixingPath, true), (MixedSnapshot.TablePath, true),
        (MixedSnapshot.DictionaryPath, false), (PreamblesPath, false),
    ];

    /// <summary>The same with every network that context mixing may have.</summary>
    internal static IEnumerable<string> EveryPath => Paths.Select(one => one.Path).Concat(Enumerable.Range(0, SnapshotLimits.Networks).Select(MixedSnapshot.NetworkPath));

    /// <summary>Makes the predictor of a snapshot, whose network ONNX Runtime runs.</summary>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or network and tokens are not those of the manifest.</exception>
    internal static LanguagePredictor Create(SnapshotFiles files) => Create(files, () => Open(files, GraphForm.UInt8, GraphLanguageNetwork.DefaultOptions));

    /// <summary>Makes the predictor of a snapshot around a network, which all that it codes for share.</summary>
    internal static LanguagePredictor Create(SnapshotFiles files, Func<LanguageNetwork> readNetwork) =>
        Create(files, _ => new SharedLanguageNetwork(readNetwork(), Environment.ProcessorCount), f => new TokenCodec(TokenFile.Read(f.ReadNeeded(TokensPath).Span, $"{f.Location}/{TokensPath}")));

    /// <summary>Opens a snapshot's network.</summary>
    /// <exception cref="LinkException">The file is missing, altered or no network's, or cannot be run so.</exception>
    internal static GraphLanguageNetwork Open(SnapshotFiles files, GraphForm form, GraphOptions options) =>
        GraphLanguageNetwork.Load(TensorStoreReader.Read(files.ReadNeeded(NetworkPath), $"{files.Location}/{NetworkPath}"), form, options);

    /// <summary>Makes the predictor of a snapshot.</summary>
    /// <param name="files">An opened snapshot of this family.</param>
    /// <param name="readNetwork">Makes the network from its file.</param>
    /// <param name="readTokens">Makes the tokenizer from its file.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or network and tokens are not those of the manifest.</exception>
    internal static LanguagePredictor Create(
        SnapshotFiles files, Func<SnapshotFiles, LanguageNetwork> readNetwork, Func<SnapshotFiles, ITokenCodec> readTokens)
    {
        TokenNetworkShape shape = files.Manifest.TokenNetwork;
        WeightsTable table = WeightsTable.Parse(files.ReadNeeded(MixedSnapshot.TablePath).Span);
        ITokenCodec tokens = readTokens(files);
        Require(tokens.Count == shape.Vocabulary, files, $"{shape.Vocabulary} tokens", $"a tokenizer of {tokens.Count}");
        ContextMixingPredictor mixing = MixedPredictor.CreateContextMixing(files);
        LanguageNetwork? network = null;
        try
        {
            Preambles preambles = files.Names(PreamblesPath)
                ? Preambles.Parse(
                    files.Read(PreamblesPath).Span, mixing.Model.ProfileHints.Count, shape.Vocabulary, shape.ContextTokens - 1, $"{files.Location}/{PreamblesPath}")
                : Preambles.None;
            network = readNetwork(files);
            Require(network.Vocabulary == shape.Vocabulary, files, $"{shape.Vocabulary} tokens", $"a network of {network.Vocabulary}");
            Require(network.Window >= shape.Window, files, $"a window of {shape.Window}", $"a network with one of {network.Window}");
            return new LanguagePredictor(new LanguageModel(network, tokens, mixing, table, shape, preambles));
        }
        catch
        {
            mixing.Dispose();
            network?.Dispose();
            throw;
        }
    }

    /// <summary>The probe where none is given: shorter than that of small models, since loading a snapshot runs it several times.</summary>
    internal static ReadOnlySpan<byte> DefaultProbe =>
        "All is well and the crew is safe.\u001e"u8 +
        "{\"id\":18,\"t\":-3.25,\"ok\":true}\u001e"u8 +
        "Nov 14 22:13:20 node-4 sshd[811]: closed\u001e"u8 +
        "\u0001\u0004\u0000\u0010\u0001\u0005\u0000\u0011\u001e"u8 +
        "Wind west, \u00c3\u009f 3 \u00b5m.\nThe sky is clear.\n"u8;

    /// <summary>Writes the manifest of a folder with the files of a language model, as <see cref="SnapshotSealer"/> does for other families.</summary>
    /// <param name="folder">With all files that the family needs.</param>
    /// <param name="label">For people.</param>
    /// <param name="probe">What the fingerprint is computed for.</param>
    /// <param name="shape">The network's dimensions.</param>
    /// <param name="create">Makes the predictor of the opened files.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">Label, probe or dimensions break the spec.</exception>
    /// <exception cref="LinkException">A file is missing or not what its name says, or NumericsMismatch. Nothing is written then.</exception>
    internal static SnapshotManifest Seal(string folder, string label, ReadOnlySpan<byte> probe, TokenNetworkShape shape, Func<SnapshotFiles, Predictor> create)
    {
        SnapshotFolder source = new(folder);
        Dictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);
        foreach ((string path, bool isNeeded) in Paths)
        {
            SnapshotSealer.Add(source, files, path, isNeeded);
        }

        List<ByteNetworkShape> networks = SnapshotSealer.AddNetworks(source, files);
        byte[] text = probe.ToArray();
        return SnapshotSealer.Seal(folder, files, (listed, fingerprint) => new SnapshotManifest(label, listed, text, fingerprint, shape, networks), create);
    }

    // spec 6.3-4
    private static void Require(bool holds, SnapshotFiles files, string expected, string found)
    {
        if (!holds)
        {
            throw new LinkException(LinkErrorCode.SnapshotAltered, $"{files.Location}: expected {expected}, found {found}.");
        }
    }
}
