using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Data frames to be decoded together, by one <see cref="FrameDecoder"/> or by several at once on threads of
/// their own. Thread-safe.</summary>
internal sealed class DecodingBatch : ILaneWork<DecoderLane>
{
    private readonly IReadOnlyList<DataFrame> _frames;
    private readonly IReadOnlyList<StreamContext?>? _contexts;
    private readonly DecodedFrame[] _results;
    private readonly int _maxExpansion;
    private int _next;

    /// <summary>Plans the work; stored frames need none.</summary>
    /// <param name="frames">The frames, in any order.</param>
    /// <param name="contexts">The context that each frame starts from, which must not change while decoders run; null
    /// where a frame has no base, or for all of them. A frame with a base and without a context is refused.</param>
    /// <param name="maxExpansion">Bytes of content that a coded frame may hold for each byte of its code and 16 more,
    /// <see cref="CompressionLimits.FrameExpansion"/> to <see cref="CompressionLimits.MaxExpansion"/>; a frame with
    /// more is refused as soon as that shows.</param>
    /// <exception cref="ArgumentException">The contexts are not one for each frame.</exception>
    public DecodingBatch(
        IReadOnlyList<DataFrame> frames,
        IReadOnlyList<StreamContext?>? contexts = null,
        int maxExpansion = CompressionLimits.FrameExpansion)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxExpansion, CompressionLimits.FrameExpansion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxExpansion, CompressionLimits.MaxExpansion);
        if (contexts is not null && contexts.Count != frames.Count)
        {
            throw new ArgumentException("One context for each frame.", nameof(contexts));
        }

        _contexts = contexts;
        _maxExpansion = maxExpansion;
        _frames = frames;
        _results = new DecodedFrame[frames.Count];
        for (int i = 0; i < _results.Length; i++)
        {
            if (frames[i].IsCoded && (frames[i].Base == 0) != (Context(i) is null))
            {
                _results[i] = new DecodedFrame(frames[i], LinkErrorCode.Malformed, []);
            }
            else if (!frames[i].IsCoded)
            {
                _results[i] = new DecodedFrame(frames[i], LinkErrorCode.None, frames[i].StoredMessages());
            }
            else if (Limit(i) < 0)
            {
                _results[i] = new DecodedFrame(frames[i], LinkErrorCode.LimitExceeded, []); // spec 5.4-5
            }
            else
            {
                JobCount++;
            }
        }
    }

    /// <summary>Frames that take work.</summary>
    public int JobCount { get; }

    /// <summary>
    /// The content of the frames, in their order, once every decoder has returned. Owned by the batch.
    /// </summary>
    public IReadOnlyList<DecodedFrame> Results => _results;

    bool ILaneWork<DecoderLane>.TryBegin(DecoderLane lane)
    {
        int index;
        while ((index = Interlocked.Increment(ref _next) - 1) < _frames.Count)
        {
            if (_results[index].Messages is null)
            {
                lane.Begin(index, _frames[index], Context(index), Limit(index));
                return true;
            }
        }

        return false;
    }

    void ILaneWork<DecoderLane>.Finish(DecoderLane lane) => _results[lane.Index] = lane.Result();

    private StreamContext? Context(int index) => _contexts?[index];

    private int Limit(int index) =>
        CompressionLimits.Content(_frames[index].Payload.Length, _frames[index].Count, _maxExpansion);
}
