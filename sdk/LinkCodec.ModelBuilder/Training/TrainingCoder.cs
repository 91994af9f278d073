using System.Globalization;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Runs messages through models and mixer with training switched on, and counts what they would have cost.
/// </summary>
internal sealed class TrainingCoder : IDisposable
{
    private readonly ByteModelLanes[] _networks;
    private readonly ContextMixer _mixer;
    private readonly MixingMemory _memory = new();
    private long _cost; // cost in 256ths of a bit

    internal TrainingCoder(IReadOnlyList<ByteModel> networks, PresetDictionary? dictionary, TrainingRates rates)
    {
        _networks = [.. networks.Select(network => network.CreateLanes(1))];
        _mixer = new ContextMixer(dictionary) { Rates = rates };
    }

    /// <summary>Bytes of all messages so far.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The mean cost of a byte, in bits.</summary>
    internal string Rate => (_cost / 256m / Math.Max(1, Bytes)).ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Learns from a run, and leaves the weights in the profile.</summary>
    internal void Run(TrainingRun run, MixingProfile profile)
    {
        _memory.Clear();
        foreach (ReadOnlyMemory<byte> message in run.Messages)
        {
            _cost += _mixer.Learn(_memory, profile, profile.Network < 0 ? null : _networks[profile.Network],
                message.Span);
            Bytes += message.Length;
        }

        _memory.Weights.CopyTo(profile.Weights, 0);
        _memory.FinalWeights.CopyTo(profile.FinalWeights, 0);
        _memory.EndWeights.CopyTo(profile.EndWeights, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ByteModelLanes network in _networks)
        {
            network.Dispose();
        }
    }
}
