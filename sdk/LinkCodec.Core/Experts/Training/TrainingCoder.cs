using System.Globalization;

namespace LinkCodec.Core.Experts.Training;

/// <summary>Runs messages through the experts with learning switched on, and counts what they would have cost.</summary>
internal sealed class TrainingCoder : IDisposable
{
    private readonly ByteModelLanes[] _networks;
    private readonly ExpertCoder _coder;
    private readonly ExpertMemory _memory = new();
    private long _surprise;

    internal TrainingCoder(IReadOnlyList<ByteModel> networks, Corpus? corpus, ExpertLearning learning)
    {
        _networks = [.. networks.Select(network => network.CreateLanes(1))];
        _coder = new ExpertCoder(corpus) { Learning = learning };
    }

    /// <summary>Bytes of all messages so far.</summary>
    internal long Bytes { get; private set; }

    /// <summary>What a byte cost, in bits.</summary>
    internal string Rate => (_surprise / 256m / Math.Max(1, Bytes)).ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Learns from a run, and leaves the weights in the profile.</summary>
    internal void Run(TrainingRun run, ExpertProfile profile)
    {
        _memory.Clear();
        foreach (ReadOnlyMemory<byte> message in run.Messages)
        {
            Message(message.Span, profile);
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

    private void Message(ReadOnlySpan<byte> message, ExpertProfile profile)
    {
        _coder.Begin(_memory, profile);
        ByteModelLanes? network = profile.Network < 0 ? null : _networks[profile.Network];
        network?.Start(0);
        for (int i = 0; ; i++)
        {
            bool ends = i == message.Length;
            int end = _coder.PredictEnd(network is null ? default : network.Weights(0));
            _surprise += LogScale.Surprise(ends ? end : 65536 - end);
            _coder.LearnEnd(ends);
            if (ends)
            {
                break;
            }

            _coder.BeginByte();
            for (int shift = 7; shift >= 0; shift--)
            {
                int bit = (message[i] >> shift) & 1;
                int one = _coder.PredictBit();
                _surprise += LogScale.Surprise(bit != 0 ? one : 65536 - one);
                _coder.LearnBit(bit);
            }

            _coder.EndByte();
            network?.Step([0], [message[i]]);
        }

        _coder.EndMessage();
        Bytes += message.Length;
    }
}
