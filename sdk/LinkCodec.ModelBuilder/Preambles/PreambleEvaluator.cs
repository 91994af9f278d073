using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Models.Mixed;

namespace LinkCodec.ModelBuilder.Preambles;

/// <summary>
/// Measures what messages cost with a snapshot and any preambles. Network and context mixing are loaded once.
/// </summary>
internal sealed class PreambleEvaluator : IDisposable
{
    private readonly SnapshotFiles _files;
    private readonly OnnxTransformer _network;
    private readonly ContextMixingPredictor _mixing;
    private readonly WeightsTable _table;

    /// <summary>Loads what the family "language" needs.</summary>
    /// <exception cref="Core.Primitives.LinkException">A file is missing, altered or not what its name
    /// says.</exception>
    internal PreambleEvaluator(SnapshotFiles files)
    {
        _files = files;
        _table = WeightsTable.Parse(files.ReadNeeded(MixedSnapshot.TablePath).Span);
        Tokens = new BytePairTokenizer(TokenizerFile.Read(files.ReadNeeded(LanguageSnapshot.TokensPath).Span,
            $"{files.Location}/{LanguageSnapshot.TokensPath}"));
        _mixing = MixedPredictor.CreateContextMixing(files);
        Longest = Math.Min(PreambleSet.Longest, files.Manifest.TokenNetwork.ContextTokens - 1);
        Kept = files.Names(LanguageSnapshot.PreamblesPath)
            ? Read(files.Read(LanguageSnapshot.PreamblesPath).Span)
            : PreambleSet.None;
        _network = LanguageSnapshot.Open(files, GraphForm.UInt8,
            OnnxTransformer.DefaultOptions with { Threads = Environment.ProcessorCount });
    }

    /// <summary>Context mixing, with the profiles.</summary>
    internal MixingModel ContextMixing => _mixing.Model;

    /// <summary>The tokenizer.</summary>
    internal BytePairTokenizer Tokens { get; }

    /// <summary>Tokens of a preamble at most.</summary>
    internal int Longest { get; }

    /// <summary>The snapshot's own preambles.</summary>
    internal PreambleSet Kept { get; }

    /// <summary>
    /// The snapshot's predictor with other preambles; the caller disposes it. It borrows network and context mixing.
    /// </summary>
    internal LanguagePredictor With(PreambleSet preambles) =>
        new(new LanguageModel(_network, Tokens, _mixing, _table, _files.Manifest.TokenNetwork, preambles,
            ownsParts: false));

    /// <summary>Preambles from a file's bytes.</summary>
    internal PreambleSet Read(ReadOnlySpan<byte> file) =>
        PreambleSet.Parse(file, ContextMixing.ProfileNames.Count, _files.Manifest.TokenNetwork.Vocabulary, Longest,
            LanguageSnapshot.PreamblesPath);

    /// <summary>Bits of messages, each cold, ends included.</summary>
    internal static double Bits(LanguagePredictor predictor, IEnumerable<ReadOnlyMemory<byte>> messages,
        CancellationToken cancel)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList decisions = new(predictor.FrequencyBits);
        double bits = 0;
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            cancel.ThrowIfCancellationRequested();
            decisions.Clear();
            lanes.BeginEncode(0, message.Span, ContentHint.Auto, null, decisions);
            foreach (byte value in message.Span)
            {
                lanes.Encode(0, value, decisions);
                if (lanes.NeedsStep(0))
                {
                    lanes.Step([value]);
                }
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
            foreach (Decision decision in decisions.Items)
            {
#pragma warning disable RS0030 // A report for people, and a choice whose result ships as data.
                bits += predictor.FrequencyBits - Math.Log2(decision.Frequency);
#pragma warning restore RS0030
            }
        }

        return bits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mixing.Dispose();
        _network.Dispose();
    }
}
