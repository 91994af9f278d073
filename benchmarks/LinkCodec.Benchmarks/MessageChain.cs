using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks;

/// <summary>
/// Messages one after another, each in units of its own that go on from where the last code has ended, as where every
/// message is acknowledged before the next one comes; both ends.
/// </summary>
internal sealed class MessageChain : IDisposable
{
    private readonly Predictor _model;
    private readonly ContextPool _pool;
    private readonly MessageEncoder _encoder;
    private readonly FrameDecoder _decoder;
    private readonly StreamContext?[] _sender = new StreamContext?[3];
    private readonly StreamContext?[] _receiver = new StreamContext?[3];
    private int _slot; // The one that was filled last; 0 for none.

    public MessageChain(Predictor model)
    {
        (_model, _pool) = (model, new ContextPool(model));
        _encoder = new MessageEncoder(model, 1);
        _decoder = new FrameDecoder(model, 1);
    }

    /// <summary>What the sender's end has learned; null for nothing. It changes with the next message.</summary>
    public StreamContext? Context => _sender[_slot];

    /// <summary>Codes a message, decodes it and compares.</summary>
    public CodedMessages Add(OutgoingMessage message)
    {
        EncodingOptions options = new()
        {
            Contexts = _pool,
            Context = _sender[_slot],
            Base = _slot,
            IsChained = true,
        };
        EncoderJob job = new(
            [new MessagePiece(message, 0, message.Content.Length)],
            options.NewUnit(Samples.UnitSize, _model.FrequencyBits), options, Samples.UnitSize, _model.FrequencyBits);
        _encoder.Run(new OneJob(job));
        CodedMessages coded = new([message],
            [.. job.Closed, .. job.Unit.IsEmpty ? (PackedUnit[])[] : [job.Unit.Finish(_pool)]]);

        foreach ((PackedUnit unit, IReadOnlyList<DataFrame> frames) in coded.Units.Zip(coded.Frames()))
        {
            Decode(frames, message);
            if (unit.State is not null)
            {
                Replace(_sender, unit.Keep, unit.State);
                _slot = unit.Keep;
            }
        }

        return coded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (StreamContext? context in _sender.Concat(_receiver))
        {
            context?.Dispose();
        }

        _encoder.Dispose();
        _decoder.Dispose();
        _pool.Dispose();
    }

    private void Decode(IReadOnlyList<DataFrame> frames, OutgoingMessage message)
    {
        DataFrame first = frames.FirstOrDefault(frame => frame.IsCoded);
        DecodingBatch batch = new([frames], [_receiver[first.Base]], _pool);
        _decoder.Run(batch);
        foreach (DecodedFrame frame in batch.Results)
        {
            if (frame.Error != LinkErrorCode.None
                || !message.Content.Span[(int)frame.Frame.Offset..].StartsWith(frame.Messages[0].Span))
            {
                throw new InvalidOperationException(
                    $"Message {message.Number} did not come back as it was: {frame.Error}.");
            }

            if (frame.State is not null)
            {
                Replace(_receiver, frame.Frame.Keep, frame.State);
            }
        }
    }

    private void Replace(StreamContext?[] contexts, int slot, StreamContext context)
    {
        _pool.Return(contexts[slot]);
        contexts[slot] = context;
    }

    private sealed class OneJob(EncoderJob job) : ILaneWork<EncoderLane>
    {
        private bool _isTaken;

        bool ILaneWork<EncoderLane>.TryBegin(EncoderLane lane)
        {
            if (_isTaken)
            {
                return false;
            }

            _isTaken = true;
            lane.Begin(job);
            return true;
        }

        void ILaneWork<EncoderLane>.Finish(EncoderLane lane)
        {
        }
    }
}
