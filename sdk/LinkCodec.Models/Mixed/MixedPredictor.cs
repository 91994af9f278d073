using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;

namespace LinkCodec.Models.Mixed;

/// <summary>
/// Makes predictors of the family "mixed", context mixing around zero to eight byte nets, and that context mixing for
/// the family "language".
/// </summary>
internal static class MixedPredictor
{
    /// <summary>Makes the predictor of a snapshot of this family.</summary>
    /// <returns>An <see cref="ContextMixingPredictor"/>, owned by the caller.</returns>
    /// <exception cref="LinkException">A file is missing, altered or not what its name says, or a graph has other
    /// dimensions than the manifest.</exception>
    internal static Predictor Create(SnapshotFiles files) =>
        files.Manifest.Networks.Count == 0 ? MixedSnapshot.CreatePredictor(files) : CreateContextMixing(files);

    /// <summary>Makes the context mixing of a snapshot that has networks, of whatever kind.</summary>
    /// <remarks>
    /// Apart, so that without networks nothing of ONNX Runtime is looked for: the compiler loads what a method refers
    /// to.
    /// </remarks>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">The cases of <see cref="Create"/>.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ContextMixingPredictor CreateContextMixing(SnapshotFiles files)
    {
        IReadOnlyList<ByteNetworkShape> shapes = files.Manifest.Networks;
        WeightsTable table = WeightsTable.Parse(files.ReadNeeded(MixedSnapshot.TablePath).Span);
        ByteModel?[] networks = new ByteModel?[shapes.Count];
        MixingModel? mixing = null;
        Exception?[] faults = new Exception?[shapes.Count + 1];

        // Hashing and packing are work of a core each; where there is one core this is a plain loop.
        Parallel.For(0, faults.Length, i =>
        {
            try
            {
                if (i == shapes.Count)
                {
                    mixing = MixedSnapshot.ReadModel(files);
                }
                else
                {
                    string path = MixedSnapshot.NetworkPath(i);
                    networks[i] = ByteNetModel.Load(files.ReadNeeded(path).ToArray(), table, shapes[i],
                        $"{files.Location}/{path}");
                }
            }
            catch (Exception e)
            {
                faults[i] = e;
            }
        });

        try
        {
            // The first file's fault is told, whichever came first in time.
            if (faults.FirstOrDefault(f => f is not null) is Exception fault)
            {
                ExceptionDispatchInfo.Throw(fault);
            }

            return new ContextMixingPredictor(mixing!, networks!, files.Manifest.FrequencyBits);
        }
        catch
        {
            foreach (ByteModel? network in networks)
            {
                network?.Dispose();
            }

            throw;
        }
    }
}
