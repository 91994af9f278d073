using System.Globalization;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// Snapshots of the family "mixed": context mixing around networks over bytes. Those without networks need nothing but
/// this library.
/// </summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, section 3.</remarks>
public static class MixedSnapshot
{
    /// <summary>The file with the trained maps and weights of context mixing.</summary>
    public const string ContextMixingPath = "context-mixing.bin";

    /// <summary>
    /// The file with the preset dictionary, text in which matches are found from the start; a snapshot may lack it.
    /// </summary>
    public const string DictionaryPath = "dictionary.bin";

    /// <summary>The file with the weights of distances of the networks' logits; there where a network is.</summary>
    public const string TablePath = "weights-table.bin";

    /// <summary>The file with the graph of network <paramref name="number"/>, counted from 0.</summary>
    // spec 6.3-2
    public static string NetworkPath(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"network-{number}.onnx");

    /// <summary>
    /// Loads a snapshot without networks and runs its self-test. Reads each file once; touches no network library.
    /// </summary>
    /// <param name="source">The place where the snapshot lies; it is not referred to afterwards.</param>
    /// <param name="expected">The name that it must have; <see cref="SnapshotName.None"/> for any.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">
    /// SnapshotNotFound, SnapshotAltered, SnapshotTooNew, LimitExceeded, or NumericsMismatch when this machine computes
    /// otherwise. SnapshotNotFound too for a snapshot with networks, which LinkCodec.Models loads.
    /// </exception>
    internal static Snapshot Load(ISnapshotSource source, SnapshotName expected = default) =>
        Snapshot.Load(SnapshotFiles.Open(source, expected), CreatePredictor);

    /// <summary>
    /// Makes the predictor of a snapshot without networks. It has not passed the self-test yet: <see cref="Load"/> sees
    /// to that.
    /// </summary>
    /// <param name="files">An opened snapshot; its files are read and checked here.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">The errors of <see cref="Load"/>, save for the self-test's.</exception>
    internal static Predictor CreatePredictor(SnapshotFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        int networks = files.Manifest.Networks.Count
            + (files.Manifest.Family == SnapshotManifest.LanguageFamily ? 1 : 0);
        MixingModel model = ReadModel(files);
        return networks == 0
            ? new ContextMixingPredictor(model, [])
            : throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{files.Location}: expected a snapshot without networks, found {networks} of them.");
    }

    /// <summary>Reads and checks the files of context mixing.</summary>
    /// <param name="files">An opened snapshot of this family, or of
    /// <see cref="SnapshotManifest.LanguageFamily"/>.</param>
    /// <exception cref="LinkException">
    /// SnapshotTooNew for another family; SnapshotNotFound, SnapshotAltered or LimitExceeded for a file that is
    /// missing, altered or not what its name says, or where the profiles refer to another number of networks than the
    /// manifest.
    /// </exception>
    internal static MixingModel ReadModel(SnapshotFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        SnapshotManifest manifest = files.Manifest;
        if (manifest.Family is not (SnapshotManifest.MixedFamily or SnapshotManifest.LanguageFamily))
        {
            throw new LinkException(
                LinkErrorCode.SnapshotTooNew,
                $"{files.Location}: expected the model family '{SnapshotManifest.MixedFamily}', found "
                    + $"'{manifest.Family}'.");
        }

        ReadOnlyMemory<byte> file = files.ReadNeeded(ContextMixingPath);
        ReadOnlyMemory<byte> dictionary = files.Names(DictionaryPath) ? files.Read(DictionaryPath) : default;
        if (!MixingModel.TryRead(file.Span, dictionary.Span, out MixingModel? model, out string fault))
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{files.Location}/{ContextMixingPath}: the context mixing's file {fault}.");
        }

        // spec 6.3-3
        return model.NetworkCount == manifest.Networks.Count
            ? model
            : throw new LinkException(
                LinkErrorCode.SnapshotAltered,
                $"{files.Location}: expected context mixing around {manifest.Networks.Count} networks, found it around "
                    + $"{model.NetworkCount}.");
    }
}
