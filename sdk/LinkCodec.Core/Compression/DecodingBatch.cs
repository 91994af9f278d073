using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Units to be decoded together, by one <see cref="FrameDecoder"/> or by several at once on threads of their
/// own. Thread-safe.</summary>
internal sealed class DecodingBatch : ILaneWork<DecoderLane>
{
    private readonly List<DecoderJob> _jobs = [];
    private readonly List<(int Place, DataFrame Frame)> _blocks = [];
    private readonly List<(int Place, DataFrame Frame)> _media = [];
    private readonly List<(int Place, DataFrame Frame)> _primed = [];
    private readonly DecodedFrame[] _results;
    private readonly ContextPool? _contexts;
    private readonly int _maxExpansion;
    private int _next;

    /// <summary>Plans the work; stored frames need none.</summary>
    /// <param name="units">The data frames of each unit, in any order of units.</param>
    /// <param name="starts">The context that the codes of each unit start from, which must not change while decoders
    /// run; null where a unit's codes have no base, or for all of them. A code with a base and without a context is
    /// refused.</param>
    /// <param name="contexts">Lends the contexts that frames keep; null where none is kept.</param>
    /// <param name="maxExpansion">Bytes of content that a coded frame may hold for each byte of its code and 16 more,
    /// <see cref="CompressionLimits.FrameExpansion"/> to <see cref="CompressionLimits.MaxExpansion"/>; a frame with
    /// more is refused as soon as that shows.</param>
    /// <exception cref="ArgumentException">The contexts are not one for each unit.</exception>
    public DecodingBatch(
        IReadOnlyList<IReadOnlyList<DataFrame>> units,
        IReadOnlyList<StreamContext?>? starts = null,
        ContextPool? contexts = null,
        int maxExpansion = CompressionLimits.FrameExpansion)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxExpansion, CompressionLimits.FrameExpansion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxExpansion, CompressionLimits.MaxExpansion);
        if (starts is not null && starts.Count != units.Count)
        {
            throw new ArgumentException("One context for each unit.", nameof(starts));
        }

        (_contexts, _maxExpansion) = (contexts, maxExpansion);
        _results = new DecodedFrame[units.Sum(unit => unit.Count)];
        int place = 0;
        for (int i = 0; i < units.Count; i++)
        {
            place = Plan(units[i], starts?[i], place);
        }
    }

    /// <summary>Units that take work.</summary>
    public int JobCount => _jobs.Count;

    /// <summary>
    /// The content of the frames, in their order, once every decoder has returned. Owned by the batch.
    /// </summary>
    public IReadOnlyList<DecodedFrame> Results => _results;

    /// <summary>Whether there are blocks to restore, beside what decoders do.</summary>
    public bool HasBlocks => _blocks.Count > 0;

    /// <summary>Media codes to decode, beside what decoders do.</summary>
    public int MediaCount => _media.Count;

    /// <summary>Codes of primed mixing to decode, beside what decoders do.</summary>
    public int PrimedCount => _primed.Count;

    /// <summary>Decodes a code of primed mixing, on any thread; each once.</summary>
    public void DecodePrimed(int index, PrimedDecoder decoder)
    {
        (int place, DataFrame frame) = _primed[index];
        _results[place] = PrimedUnits.Decode(frame, LimitOf(frame), decoder);
    }

    /// <summary>Decodes a media code, on any thread; each once.</summary>
    public void DecodeMedia(int index)
    {
        (int place, DataFrame frame) = _media[index];
        LinkErrorCode error = MediaCode.Decode(frame.Payload.Span, frame.Before.Span, out byte[] content);
        bool isWrong = error == LinkErrorCode.None
            && (ContentCheck.Of(frame.FirstMessage, content) & frame.CheckMask) != frame.Check;
        error = isWrong ? LinkErrorCode.ModelDivergence : error; // spec 5.4-3, 12.3-3
        _results[place] = new DecodedFrame(frame, error, error == LinkErrorCode.None ? [content] : []);
    }

    /// <summary>Restores the blocks; once, on any thread.</summary>
    /// <param name="compressor">A compressor with the snapshot's dictionary.</param>
    public void RestoreBlocks(BlockCompressor compressor)
    {
        byte[] content = new byte[BlockCompressor.MaxContent];
        foreach ((int place, DataFrame frame) in _blocks)
        {
            ReadOnlyMemory<byte>[]? messages = compressor.TryDecompress(frame.Payload.Span, content, out int length)
                ? DataFrame.Split(content.AsSpan(0, length).ToArray(), frame.Count)
                : null;
            bool isRight = messages is null
                || (ContentCheck.Of(frame.FirstMessage, messages) & frame.CheckMask) == frame.Check;
            _results[place] = isRight
                ? Of(frame, messages)
                : new DecodedFrame(frame, LinkErrorCode.ModelDivergence, []); // spec 5.4-3
        }
    }

    /// <summary>Bytes that the messages of a frame may have in all.</summary>
    internal int LimitOf(DataFrame frame) =>
        CompressionLimits.Content(frame.Payload.Length, frame.Count, _maxExpansion);

    /// <summary>A context to save into; null where nothing is kept.</summary>
    internal StreamContext? RentContext() => _contexts?.Rent();

    /// <summary>Takes the result of a frame.</summary>
    internal void Take(int place, DecodedFrame result) => _results[place] = result;

    bool ILaneWork<DecoderLane>.TryBegin(DecoderLane lane)
    {
        int index = Interlocked.Increment(ref _next) - 1;
        if (index >= _jobs.Count)
        {
            return false;
        }

        lane.Begin(this, _jobs[index]);
        return true;
    }

    void ILaneWork<DecoderLane>.Finish(DecoderLane lane)
    {
    }

    private int Plan(IReadOnlyList<DataFrame> unit, StreamContext? start, int place)
    {
        List<(int, DataFrame)> codes = [];
        LinkErrorCode error = LinkErrorCode.None;
        foreach (DataFrame frame in unit)
        {
            if (frame.IsBlock || frame.IsMedia || frame.IsPrimed)
            {
                (frame.IsBlock ? _blocks : frame.IsMedia ? _media : _primed).Add((place, frame));
                _results[place] = new DecodedFrame(frame, LinkErrorCode.Malformed, []); // Until it is restored.
            }
            else if (!frame.IsCoded)
            {
                // A stored frame was read before, so that its lengths are right.
                _results[place] = Of(frame, DataFrame.Split(frame.Payload, frame.Count));
            }
            else
            {
                bool hasItsContext = codes.Count > 0 || (frame.Base == 0) == (start is null);
                error = error != LinkErrorCode.None ? error
                    : !hasItsContext ? LinkErrorCode.Malformed
                    : LimitOf(frame) < 0 ? LinkErrorCode.LimitExceeded // spec 5.4-5
                    : LinkErrorCode.None;
                if (error == LinkErrorCode.None)
                {
                    codes.Add((place, frame));
                }
                else
                {
                    _results[place] = new DecodedFrame(frame, error, []);
                }
            }

            place++;
        }

        if (codes.Count > 0)
        {
            _jobs.Add(new DecoderJob(codes, start));
        }

        return place;
    }

    private static DecodedFrame Of(DataFrame frame, ReadOnlyMemory<byte>[]? messages) => messages is null
        ? new DecodedFrame(frame, LinkErrorCode.Malformed, [])
        : new DecodedFrame(frame, LinkErrorCode.None, messages);
}
