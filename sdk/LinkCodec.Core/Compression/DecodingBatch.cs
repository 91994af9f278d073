using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Data frames to be decoded together, by one <see cref="FrameDecoder"/> or by several at once on threads of their own. Thread-safe.</summary>
public sealed class DecodingBatch : ILaneWork<DecoderLane>
{
    private readonly IReadOnlyList<ReceivedFrame> _frames;
    private readonly DecodedFrame[] _results;
    private int _next;

    /// <summary>Plans the work; stored frames need none.</summary>
    public DecodingBatch(IReadOnlyList<ReceivedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        _frames = frames;
        _results = new DecodedFrame[frames.Count];
        for (int i = 0; i < _results.Length; i++)
        {
            if (frames[i].IsCoded)
            {
                JobCount++;
            }
            else
            {
                _results[i] = new DecodedFrame(frames[i], LinkErrorCode.None, [frames[i].Payload]);
            }
        }
    }

    /// <summary>Frames that take work.</summary>
    public int JobCount { get; }

    /// <summary>What the frames held, in their order, once every decoder has returned. Owned by the batch.</summary>
    public IReadOnlyList<DecodedFrame> Results => _results;

    bool ILaneWork<DecoderLane>.TryBegin(DecoderLane lane)
    {
        int index;
        while ((index = Interlocked.Increment(ref _next) - 1) < _frames.Count)
        {
            if (_frames[index].IsCoded)
            {
                lane.Begin(index, _frames[index]);
                return true;
            }
        }

        return false;
    }

    void ILaneWork<DecoderLane>.Finish(DecoderLane lane) => _results[lane.Index] = lane.Result();
}
