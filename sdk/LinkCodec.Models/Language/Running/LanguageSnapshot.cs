using LinkCodec.Core.Experts;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Tokens;

namespace LinkCodec.Models.Language.Running;

/// <summary>Makes predictors of snapshots of the family "language".</summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, section 3.</remarks>
internal static class LanguageSnapshot
{
    /// <summary>The file with the network's tensors.</summary>
    internal const string NetworkPath = "language.bin";

    /// <summary>The file with the network's form.</summary>
    internal const string ShapePath = "language.msgpack";

    /// <summary>The file with the tokens.</summary>
    internal const string TokensPath = "tokenizer.bin";

    /// <summary>The file with tokens that messages start after; a snapshot may lack it.</summary>
    internal const string PreamblesPath = "preambles.bin";

    /// <summary>Every file that the family reads, and whether a snapshot needs it.</summary>
    internal static IReadOnlyList<(string Path, bool IsNeeded)> Paths { get; } =
    [
        (NetworkPath, true), (ShapePath, true), (TokensPath, true), (MixedSnapshot.ExpertsPath, true), (MixedSnapshot.TablePath, true),
        (MixedSnapshot.CorpusPath, false), (PreamblesPath, false),
    ];

    /// <summary>Makes the predictor of a snapshot.</summary>
    /// <param name="files">An opened snapshot of this family.</param>
    /// <param name="readNetwork">Makes the network from its two files.</param>
    /// <param name="readTokens">Makes the tokenizer from its file.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or network and tokens are not those of the manifest.</exception>
    internal static LanguagePredictor Create(
        SnapshotFiles files, Func<SnapshotFiles, LanguageNetwork> readNetwork, Func<SnapshotFiles, ITokenCodec> readTokens)
    {
        TokenNetworkShape shape = files.Manifest.TokenNetwork;
        ExpertModel experts = MixedSnapshot.ReadExperts(files);
        WeightsTable table = WeightsTable.Parse(files.ReadNeeded(MixedSnapshot.TablePath).Span);
        ITokenCodec tokens = readTokens(files);
        Require(tokens.Count == shape.Vocabulary, files, $"{shape.Vocabulary} tokens", $"a tokenizer of {tokens.Count}");
        Preambles preambles = files.Names(PreamblesPath)
            ? Preambles.Parse(
                files.Read(PreamblesPath).Span, experts.ProfileHints.Count, shape.Vocabulary, shape.ContextTokens / 2, $"{files.Location}/{PreamblesPath}")
            : Preambles.None;
        LanguageNetwork network = readNetwork(files);
        try
        {
            Require(network.Vocabulary == shape.Vocabulary, files, $"{shape.Vocabulary} tokens", $"a network of {network.Vocabulary}");
            Require(network.Window >= shape.Window, files, $"a window of {shape.Window}", $"a network with one of {network.Window}");
            return new LanguagePredictor(new LanguageModel(network, tokens, experts, table, shape, preambles));
        }
        catch
        {
            network.Dispose();
            throw;
        }
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
