using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes one coded frame, symbol by symbol; the batch around it feeds it the model's weights.</summary>
internal sealed class DecoderLane(FrequencyQuantiser quantiser) : ILane
{
    private const int MaxBytesPastEnd = 16;

    private readonly byte[] _content = new byte[CompressionLimits.FrameContent];
    private readonly List<int> _ends = [];
    private RangeDecoder _decoder;
    private ReceivedFrame _frame;
    private int _length;

    public int Index { get; private set; }

    public void Begin(int index, ReceivedFrame frame)
    {
        (Index, _frame, _length) = (index, frame, 0);
        _ends.Clear();
        _decoder = new RangeDecoder(frame.Payload.Span);
    }

    /// <summary>Decodes the next symbol with its weights: a byte, <see cref="ILane.Restart"/> between two messages, or <see cref="ILane.Done"/>.</summary>
    public int Advance(ReadOnlySpan<uint> weights)
    {
        quantiser.Load(weights);
        int symbol = quantiser.Find(_decoder.Peek(quantiser.Bits), out uint cumulative, out uint frequency);
        _decoder.Consume(_frame.Payload.Span, cumulative, frequency, quantiser.Bits);
        if (_decoder.BytesPastEnd > MaxBytesPastEnd)
        {
            _ends.Clear();
            return ILane.Done; // spec 5.4-4: the code ended long ago; Result refuses it
        }

        if (symbol == Predictor.EndSymbol)
        {
            _ends.Add(_length);
            return _ends.Count == _frame.Count ? ILane.Done : ILane.Restart; // spec 5.4-1
        }

        if (_length == _content.Length)
        {
            return ILane.Done; // spec 5.4-3: more content than a frame may hold; Result refuses it
        }

        _content[_length++] = (byte)symbol;
        return symbol;
    }

    public DecodedFrame Result()
    {
        if (_ends.Count != _frame.Count)
        {
            return new DecodedFrame(_frame, LinkErrorCode.Malformed, []);
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
}
