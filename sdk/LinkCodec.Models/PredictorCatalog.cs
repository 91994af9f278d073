using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Mixed;

namespace LinkCodec.Models;

/// <summary>The model families and the makers of their predictors: one line a family.</summary>
internal static class PredictorCatalog
{
    private static readonly (string Family, Func<SnapshotFiles, Predictor> Create)[] Entries =
    [
        (SnapshotManifest.BytesFamily, ByteNetPredictor.Create),
        (SnapshotManifest.MixedFamily, MixedPredictor.Create),
        (SnapshotManifest.LanguageFamily, LanguageSnapshot.Create),
    ];

    /// <summary>The families that snapshots may be of.</summary>
    public static IReadOnlyList<string> Families { get; } = [.. Entries.Select(e => e.Family)];

    /// <summary>
    /// Makes the predictor of a snapshot. It has not passed the self-test yet:
    /// <see cref="SnapshotLoader.Load(SnapshotFiles)"/> sees to that.
    /// </summary>
    /// <param name="files">An opened snapshot; its files are read and checked here.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">SnapshotTooNew for a family that is not here; SnapshotNotFound or
    /// SnapshotAltered for files that are not such a model.</exception>
    public static Predictor Create(SnapshotFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach ((string family, Func<SnapshotFiles, Predictor> create) in Entries)
        {
            if (family == files.Manifest.Family)
            {
                return create(files);
            }
        }

        throw new LinkException(
            LinkErrorCode.SnapshotTooNew,
            $"{files.Location}: the model family '{files.Manifest.Family}' is not one of "
                + $"{string.Join(", ", Families)}.");
    }
}
