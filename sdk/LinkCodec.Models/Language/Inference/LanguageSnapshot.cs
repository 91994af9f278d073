using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Batching;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Store;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Models.Mixed;

namespace LinkCodec.Models.Language.Inference;

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

    /// <summary>
    /// Every file that the family reads, but for networks of context mixing, and whether a snapshot needs it.
    /// </summary>
    internal static IReadOnlyList<(string Path, bool IsNeeded)> Paths { get; } =
    [
        (NetworkPath, true), (TokensPath, true), (MixedSnapshot.ContextMixingPath, true),
        (MixedSnapshot.TablePath, true), (MixedSnapshot.DictionaryPath, false), (PreamblesPath, false),
        (ZstdDictionaryFile.Path, false),
    ];

    /// <summary>The paths of a snapshot's files, with every network that context mixing may have.</summary>
    internal static IEnumerable<string> EveryPath => Paths.Select(one => one.Path)
        .Concat(Enumerable.Range(0, SnapshotLimits.Networks).Select(MixedSnapshot.NetworkPath));

    /// <summary>Makes the predictor of a snapshot, whose network ONNX Runtime runs.</summary>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or network and tokens are
    /// not those of the manifest.</exception>
    internal static LanguagePredictor Create(SnapshotFiles files) =>
        Create(files, () => Open(files, GraphForm.UInt8, OnnxTransformer.DefaultOptions));

    /// <summary>Makes the predictor of a snapshot around a network, which all that it codes for share.</summary>
    internal static LanguagePredictor Create(SnapshotFiles files, Func<Transformer> readNetwork) =>
        Create(files, _ => new BatchedTransformer(readNetwork(), Environment.ProcessorCount), f =>
            new BytePairTokenizer(TokenizerFile.Read(f.ReadNeeded(TokensPath).Span, $"{f.Location}/{TokensPath}")));

    /// <summary>Opens a snapshot's network.</summary>
    /// <exception cref="LinkException">The file is missing, altered or no network's, or cannot be run so.</exception>
    internal static OnnxTransformer Open(SnapshotFiles files, GraphForm form, GraphOptions options) =>
        OnnxTransformer.Load(TensorStoreReader.Read(files.ReadNeeded(NetworkPath), $"{files.Location}/{NetworkPath}"),
            form, options);

    /// <summary>Makes the predictor of a snapshot.</summary>
    /// <param name="files">An opened snapshot of this family.</param>
    /// <param name="readNetwork">Makes the network from its file.</param>
    /// <param name="readTokens">Makes the tokenizer from its file.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or network and tokens are
    /// not those of the manifest.</exception>
    internal static LanguagePredictor Create(
        SnapshotFiles files, Func<SnapshotFiles, Transformer> readNetwork, Func<SnapshotFiles, ITokenizer> readTokens)
    {
        TokenNetworkShape shape = files.Manifest.TokenNetwork;
        WeightsTable table = WeightsTable.Parse(files.ReadNeeded(MixedSnapshot.TablePath).Span);
        ITokenizer tokens = readTokens(files);
        Require(tokens.Count == shape.Vocabulary, files, $"{shape.Vocabulary} tokens",
            $"a tokenizer of {tokens.Count}");
        ContextMixingPredictor mixing = MixedPredictor.CreateContextMixing(files);
        Transformer? network = null;
        try
        {
            PreambleSet preambles = files.Names(PreamblesPath)
                ? PreambleSet.Parse(
                    files.Read(PreamblesPath).Span, mixing.Model.ProfileHints.Count, shape.Vocabulary,
                    shape.ContextTokens - 1, $"{files.Location}/{PreamblesPath}")
                : PreambleSet.None;
            network = readNetwork(files);
            Require(network.Vocabulary == shape.Vocabulary, files, $"{shape.Vocabulary} tokens",
                $"a network of {network.Vocabulary}");
            Require(network.Window >= shape.Window, files, $"a window of {shape.Window}",
                $"a network with one of {network.Window}");
            return new LanguagePredictor(new LanguageModel(network, tokens, mixing, table, shape, preambles));
        }
        catch
        {
            mixing.Dispose();
            network?.Dispose();
            throw;
        }
    }

    // spec 6.3-4
    private static void Require(bool holds, SnapshotFiles files, string expected, string found)
    {
        if (!holds)
        {
            throw new LinkException(LinkErrorCode.SnapshotAltered,
                $"{files.Location}: expected {expected}, found {found}.");
        }
    }
}
