using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;

namespace LinkCodec.Models.Language.Inference;

/// <summary>Loads language snapshots for a device: in the first form that it computes as the CPU does.</summary>
internal static class DeviceLoader
{
    /// <summary>
    /// Builds the predictor, compares the network with the CPU's, which is loaded for that, and runs the snapshot's
    /// self-test on the device.
    /// </summary>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">DeviceUnavailable, NumericsMismatch, or what is wrong with the
    /// files.</exception>
    internal static Snapshot Load(SnapshotFiles files, ModelDevice device)
    {
        GraphOptions options = OnnxTransformer.DefaultOptions with { Device = device };
        return Load(files, device.ToString(), f => LanguageSnapshot.Open(f, GraphForm.Int8, options),
            f => LanguageSnapshot.Open(f, GraphForm.Float, options));
    }

    /// <summary>Loads a snapshot with the first of some networks that passes both checks.</summary>
    internal static Snapshot Load(SnapshotFiles files, string device,
        params IReadOnlyList<Func<SnapshotFiles, Transformer>> networks)
    {
        LinkException? fault = null;
        foreach (Func<SnapshotFiles, Transformer> open in networks)
        {
            try
            {
                return Snapshot.Load(files, f => LanguageSnapshot.Create(f, () => Checked(f, open)));
            }
            catch (LinkException e) when (e.Code is LinkErrorCode.NumericsMismatch or LinkErrorCode.LimitExceeded)
            {
                // The network ran, to other numbers or not to its end: the next form has other operators.
                fault ??= e;
            }
        }

        throw new LinkException(fault!.Code, $"{device} cannot be used: {fault.Message}", fault);
    }

    private static Transformer Checked(SnapshotFiles files, Func<SnapshotFiles, Transformer> open)
    {
        Transformer network = open(files);
        try
        {
            using OnnxTransformer reference = LanguageSnapshot.Open(files, GraphForm.UInt8,
                OnnxTransformer.DefaultOptions);
            return ExactnessCheck.IsExact(network, reference)
                ? network
                : throw new LinkException(LinkErrorCode.NumericsMismatch, $"{files.Location}: expected the CPU's bits "
                    + "of tokens at once, one by one and in a group, found others.");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
