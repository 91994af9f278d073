using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>Adaptive experts around any number of networks, or around none.</summary>
public sealed class ExpertPredictor : Predictor
{
    /// <summary>Binary logarithm of the scale of its decisions.</summary>
    public const int ScaleBits = 16;

    private readonly IReadOnlyList<ByteModel> _networks;

    /// <summary>Puts experts and networks together.</summary>
    /// <param name="model">Profiles, their weights, and the corpus.</param>
    /// <param name="networks">Those that the profiles name by number, <see cref="ExpertModel.NetworkCount"/> of them. Owned by the predictor from now on.</param>
    public ExpertPredictor(ExpertModel model, IReadOnlyList<ByteModel> networks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfNotEqual(networks.Count, model.NetworkCount, nameof(networks));
        Model = model;
        _networks = networks;
    }

    /// <summary>What was trained.</summary>
    public ExpertModel Model { get; }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits => ScaleBits;

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ByteModel network in _networks)
        {
            network.Dispose();
        }
    }
}
