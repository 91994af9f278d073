using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks;

/// <summary>Messages to be coded side by side, each into units of its own, or a few after one another into the same
/// ones.</summary>
/// <remarks>Several encoders may share the work, each on a thread of its own.</remarks>
internal sealed class LoneMessages : ILaneWork<EncoderLane>
{
    private readonly ContextPool _contexts;
    private readonly OutgoingMessage[][] _groups;
    private readonly EncoderJob[] _jobs;
    private int _next;

    /// <summary>Plans the work.</summary>
    /// <param name="model">The snapshot's predictor.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="start">The context that all start from; null for the start state.</param>
    /// <param name="together">Messages that share units.</param>
    public LoneMessages(
        Predictor model, IReadOnlyList<OutgoingMessage> messages, StreamContext? start = null, int together = 1)
    {
        _contexts = new ContextPool(new Forgetful(model));
        EncodingOptions options = new()
        {
            Contexts = _contexts,
            Context = start,
            Base = start is null ? 0 : 1,
        };
        _groups = [.. messages.Chunk(together)];
        _jobs = [.. _groups.Select(group => new EncoderJob(
            [.. group.Select(message => new MessagePiece(message, 0, message.Content.Length))],
            options.NewUnit(Samples.UnitSize, model.FrequencyBits), options, Samples.UnitSize, model.FrequencyBits))];
    }

    /// <summary>What became of the messages, in their order, once every encoder has returned; to be taken
    /// once.</summary>
    public CodedMessages[] Take() => [.. _jobs.Zip(_groups, (job, group) => new CodedMessages(
        group, [.. job.Closed, .. job.Unit.IsEmpty ? (PackedUnit[])[] : [job.Unit.Finish(_contexts)]]))];

    bool ILaneWork<EncoderLane>.TryBegin(EncoderLane lane)
    {
        int index = Interlocked.Increment(ref _next) - 1;
        if (index >= _jobs.Length)
        {
            return false;
        }

        lane.Begin(_jobs[index]);
        return true;
    }

    void ILaneWork<EncoderLane>.Finish(EncoderLane lane)
    {
    }

    // Nothing goes on from these units: no time is spent on the contexts that they would leave behind.
    private sealed class Forgetful(Predictor model) : Predictor
    {
        public override int AlphabetSize => model.AlphabetSize;

        public override int FrequencyBits => model.FrequencyBits;

        public override PredictorLanes CreateLanes(int capacity) => model.CreateLanes(capacity);
    }
}
