using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes the range codes of one unit, symbol by symbol; the loop around it steps the model.</summary>
internal sealed class DecoderLane(int frequencyBits) : ILane
{
    private readonly byte[] _content = new byte[CompressionLimits.FrameContent];
    private readonly List<int> _ends = [];
    private DecodingBatch _batch = null!;
    private DecoderJob _job = null!;
    private RangeDecoder _decoder;
    private int _at;
    private int _length;
    private int _limit;
    private bool _goesOn; // Whether the predictor's lane stands where the code goes on.

    private DataFrame Frame => _job.Frames[_at].Frame;

    /// <summary>Begins with the codes of a unit, whose results the batch takes.</summary>
    public void Begin(DecodingBatch batch, DecoderJob job)
    {
        (_batch, _job, _goesOn) = (batch, job, false);
        BeginFrame(0);
    }

    /// <inheritdoc/>
    public void Start(PredictorLanes states, int lane)
    {
        DecisionReader reader = Reader();
        if (_goesOn)
        {
            states.ContinueDecode(lane, ref reader); // spec 5.5-2
        }
        else
        {
            states.BeginDecode(lane, _job.Start, ref reader); // spec 5.4-1, 7.1-4
        }

        _goesOn = true;
    }

    /// <inheritdoc/>
    public int Advance(PredictorLanes states, int lane)
    {
        DecisionReader reader = Reader();
        int symbol = states.Decode(lane, ref reader);
        if (reader.IsExhausted)
        {
            return Refuse(LinkErrorCode.Malformed); // spec 5.4-4: the code ended long ago.
        }

        if (symbol == Predictor.EndSymbol)
        {
            _ends.Add(_length);
            return _ends.Count < Frame.Count ? ILane.Restart : EndFrame(states, lane); // spec 5.4-1
        }

        if (_length == _limit)
        {
            return Refuse(LinkErrorCode.LimitExceeded); // spec 5.4-3, 5.4-5
        }

        _content[_length++] = (byte)symbol;
        return symbol;
    }

    private void BeginFrame(int at)
    {
        (_at, _length, _limit) = (at, 0, _batch.LimitOf(_job.Frames[at].Frame));
        _ends.Clear();
        _decoder = new RangeDecoder(Frame.Payload.Span);
    }

    private int EndFrame(PredictorLanes states, int lane)
    {
        byte[] content = _content.AsSpan(0, _length).ToArray();
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[_ends.Count];
        ContentCheck check = new(Frame.FirstMessage);
        int start = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = content.AsMemory(start, _ends[i] - start);
            check.Add(messages[i].Span);
            start = _ends[i];
        }

        if ((check.Value & Frame.CheckMask) != Frame.Check)
        {
            return Refuse(LinkErrorCode.ModelDivergence); // spec 5.4-3
        }

        StreamContext? state = Frame.Keep == 0 ? null : _batch.RentContext();
        if (state is not null)
        {
            states.Save(lane, state); // spec 5.5-1
        }

        _batch.Take(_job.Frames[_at].Place, new DecodedFrame(Frame, LinkErrorCode.None, messages, state));
        if (_at + 1 == _job.Frames.Count)
        {
            return ILane.Done;
        }

        BeginFrame(_at + 1);
        return ILane.Restart;
    }

    // What goes on from a code that is refused is refused with it.
    private int Refuse(LinkErrorCode error)
    {
        for (; _at < _job.Frames.Count; _at++)
        {
            _batch.Take(_job.Frames[_at].Place, new DecodedFrame(Frame, error, []));
        }

        return ILane.Done;
    }

    private DecisionReader Reader() => new(ref _decoder, Frame.Payload.Span, frequencyBits);
}
