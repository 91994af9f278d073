using System.Runtime.CompilerServices;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Models;

/// <summary>Makes of a snapshot's files a model that has passed its self-test on this machine.</summary>
internal static class SnapshotLoader
{
    /// <summary>
    /// Checks the files that the model needs, builds its predictor and compares what it computes with the manifest.
    /// </summary>
    /// <param name="files">An opened snapshot, as <see cref="SnapshotStore.Find"/> gives it.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered, SnapshotTooNew, LimitExceeded, or
    /// NumericsMismatch when this machine computes otherwise.</exception>
    public static Snapshot Load(SnapshotFiles files) => Snapshot.Load(files, PredictorCatalog.Create);

    /// <summary>
    /// Loads a snapshot on a device, which has to give the CPU's bits besides: of tokens one by one, in a group and at
    /// once. The CPU's network is loaded for that and let go.
    /// </summary>
    /// <param name="files">An opened snapshot.</param>
    /// <param name="device">The device, which is never replaced by another one.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">The cases without a device; DeviceUnavailable where the device is missing or the
    /// model's family runs on the CPU alone; NumericsMismatch where the device computes otherwise.</exception>
    public static Snapshot Load(SnapshotFiles files, ModelDevice device)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (device.IsCpu)
        {
            return Load(files);
        }

        return CanUseDevice(files)
            ? LoadOn(files, device)
            : throw new ModelRuntimeException(
                $"{device} was asked for, and '{files.Manifest.Label}' runs on the CPU alone: of the families, "
                    + $"{SnapshotManifest.LanguageFamily} can use a device, {files.Manifest.Family} cannot.");
    }

    /// <summary>Whether a snapshot's model can run on another device than the CPU.</summary>
    public static bool CanUseDevice(SnapshotFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Manifest.Family == SnapshotManifest.LanguageFamily;
    }

    // Apart, so that without networks nothing of ONNX Runtime is looked for: the compiler loads what a method refers
    // to.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Snapshot LoadOn(SnapshotFiles files, ModelDevice device) => DeviceLoader.Load(files, device);
}
