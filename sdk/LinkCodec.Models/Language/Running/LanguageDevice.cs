using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;

namespace LinkCodec.Models.Language.Running;

/// <summary>Loads language snapshots for a device: in the first form that it computes as the CPU does.</summary>
internal static class LanguageDevice
{
    /// <summary>Builds the predictor, compares the network with the CPU's, which is loaded for that, and runs the snapshot's self-test on the device.</summary>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">DeviceUnavailable, NumericsMismatch, or what is wrong with the files.</exception>
    internal static Snapshot Load(SnapshotFiles files, ModelDevice device)
    {
        GraphOptions options = GraphLanguageNetwork.DefaultOptions with { Device = device };
        return Load(files, device.ToString(), f => LanguageSnapshot.Open(f, GraphForm.Int8, options), f => LanguageSnapshot.Open(f, GraphForm.Float, options));
    }

    /// <summary>The same with the first of some networks that does.</summary>
    internal static Snapshot Load(SnapshotFiles files, string device, params IReadOnlyList<Func<SnapshotFiles, LanguageNetwork>> networks)
    {
        LinkException? fault = null;
        foreach (Func<SnapshotFiles, LanguageNetwork> open in networks)
        {
            try
            {
                return Snapshot.Load(files, f => LanguageSnapshot.Create(f, () => Checked(f, open)));
            }
            catch (LinkException e) when (e.Code is LinkErrorCode.NumericsMismatch or LinkErrorCode.LimitExceeded)
            {
                // It ran, to other numbers or not to its end: the next form has other operators.
                fault ??= e;
            }
        }

        throw new LinkException(fault!.Code, $"{device} cannot be used: {fault.Message}", fault);
    }

    private static LanguageNetwork Checked(SnapshotFiles files, Func<SnapshotFiles, LanguageNetwork> open)
    {
        LanguageNetwork network = open(files);
        try
        {
            using GraphLanguageNetwork reference = LanguageSnapshot.Open(files, GraphForm.UInt8, GraphLanguageNetwork.DefaultOptions);
            return NetworkCheck.IsExact(network, reference)
                ? network
                : throw new LinkException(LinkErrorCode.NumericsMismatch, $"{files.Location}: expected the CPU's bits of tokens at once, one by one and in a group, found others.");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
