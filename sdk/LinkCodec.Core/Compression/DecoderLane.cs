using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes one coded frame, symbol by symbol; the loop around it steps the model.</summary>
internal sealed class DecoderLane(int frequencyBits) : ILane
{
    private readonly byte[] _content = new byte[CompressionLimits.FrameContent];
    private readonly List<int> _ends = [];
    private StreamContext? _context;
    private RangeDecoder _decoder;
    private DataFrame _frame;
    private int _length;
    private int _limit;
    private bool _isOver;

    public int Index { get; private set; }

    /// <param name="index">The frame's place in the batch, where the result belongs.</param>
    /// <param name="frame">A coded frame.</param>
    /// <param name="context">The context that the frame starts from; null for the start state.</param>
    /// <param name="limit">Bytes that its messages may have in all, at most
    /// <see cref="CompressionLimits.FrameContent"/>.</param>
    public void Begin(int index, DataFrame frame, StreamContext? context, int limit)
    {
        (Index, _frame, _context, _length, _limit, _isOver) = (index, frame, context, 0, limit, false);
        _ends.Clear();
        _decoder = new RangeDecoder(frame.Payload.Span);
    }

    /// <inheritdoc/>
    public void Start(PredictorLanes states, int lane)
    {
        DecisionReader reader = Reader();
        states.BeginDecode(lane, _context, ref reader); // spec 5.4-1, 5.5-2, 7.1-4
    }

    /// <inheritdoc/>
    public int Advance(PredictorLanes states, int lane)
    {
        DecisionReader reader = Reader();
        int symbol = states.Decode(lane, ref reader);
        if (reader.IsExhausted)
        {
            _ends.Clear();
            return ILane.Done; // spec 5.4-4: the code ended long ago, and Result refuses it.
        }

        if (symbol == Predictor.EndSymbol)
        {
            _ends.Add(_length);
            return _ends.Count == _frame.Count ? ILane.Done : ILane.Restart; // spec 5.4-1
        }

        if (_length == _limit)
        {
            _isOver = true;
            return ILane.Done; // spec 5.4-3, 5.4-5: Result refuses a frame with more content than it may hold.
        }

        _content[_length++] = (byte)symbol;
        return symbol;
    }

    public DecodedFrame Result()
    {
        if (_ends.Count != _frame.Count)
        {
            return new DecodedFrame(_frame, _isOver ? LinkErrorCode.LimitExceeded : LinkErrorCode.Malformed, []);
        }

        byte[] content = _content.AsSpan(0, _length).ToArray();
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[_ends.Count];
        ContentCheck check = new();
        int start = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = content.AsMemory(start, _ends[i] - start);
            check.Add(messages[i].Span);
            start = _ends[i];
        }

        return check.Value == _frame.Check // spec 5.4-3
            ? new DecodedFrame(_frame, LinkErrorCode.None, messages)
            : new DecodedFrame(_frame, LinkErrorCode.ModelDivergence, []);
    }

    private DecisionReader Reader() => new(ref _decoder, _frame.Payload.Span, frequencyBits);
}
