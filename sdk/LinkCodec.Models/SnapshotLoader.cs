using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models;

/// <summary>From a snapshot's files to a model that has passed its self-test on this machine.</summary>
public static class SnapshotLoader
{
    /// <summary>Checks the files that the model needs, builds its predictor and compares what it computes with the manifest.</summary>
    /// <param name="files">An opened snapshot, as <see cref="SnapshotStore.Find"/> gives it.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered, SnapshotTooNew, LimitExceeded, or NumericsMismatch when this machine computes otherwise.</exception>
    public static Snapshot Load(SnapshotFiles files) => Snapshot.Load(files, PredictorCatalog.Create);
}
