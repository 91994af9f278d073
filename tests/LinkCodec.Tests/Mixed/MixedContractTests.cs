using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Mixed;

/// <summary>The contract of decisions, with predictors as snapshots give them.</summary>
public abstract class MixedContractTests(int networks) : DecisionContractTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-mixed-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    private protected override Predictor CreatePredictor()
    {
        string folder = Path.Combine(_folder, "mixed");
        if (!Directory.Exists(folder))
        {
            TestMixing.Seal(folder, networks);
        }

        return PredictorCatalog.Create(SnapshotFiles.Open(TestMixing.InMemory(folder)));
    }
}

/// <summary>The contract without networks.</summary>
public sealed class FlightContractTests() : MixedContractTests(0);

/// <summary>The contract with two networks.</summary>
public sealed class TwoNetworksContractTests() : MixedContractTests(2);
