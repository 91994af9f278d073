using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Packs coded messages into units: as many small ones as fit share one range code, parts of large ones fill a unit each.</summary>
/// <remarks>Cheap: it codes decisions that were predicted before, about 20 ns each. Not thread-safe.</remarks>
public sealed class UnitPacker
{
    private readonly Queue<EncodedMessage> _queue = new();
    private readonly RangeEncoder _encoder = new();
    private readonly int _maxUnitSize;
    private readonly int _bits;
    private readonly List<PendingFrame> _frames = [];
    private int _closedSize; // Bytes of the frames but the last, each with its length.
    private int _part;       // Next part of the message at the head of the queue.
    private ulong _endMessage;

    /// <summary>Makes a packer.</summary>
    /// <param name="maxUnitSize">Bytes of a unit at most; the same as the encoder's.</param>
    /// <param name="frequencyBits">The predictor's <see cref="Prediction.Predictor.FrequencyBits"/>.</param>
    public UnitPacker(int maxUnitSize, int frequencyBits) => (_maxUnitSize, _bits) = (maxUnitSize, frequencyBits);

    /// <summary>Whether a unit can be built.</summary>
    public bool HasPending => _queue.Count > 0;

    /// <summary>Payload bytes that are queued, about: each message counted as if it were coded alone.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Queues a message; numbers must follow each other.</summary>
    public void Add(EncodedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _queue.Enqueue(message);
        PendingBytes += message.CodedLength;
    }

    /// <summary>Builds the next unit from what is queued.</summary>
    /// <exception cref="InvalidOperationException">Nothing is queued.</exception>
    public PackedUnit Build()
    {
        _frames.Clear();
        _closedSize = 0;
        while (_queue.TryPeek(out EncodedMessage? head) && Append(head))
        {
        }

        if (_frames.Count == 0)
        {
            throw new InvalidOperationException(HasPending ? "A message was coded for larger units." : "Nothing is queued.");
        }

        byte[] unit = new byte[_closedSize + _frames[^1].Size(explicitLength: false)];
        int at = 0;
        int coded = 0;
        for (int i = 0; i < _frames.Count; i++)
        {
            at += _frames[i].Write(unit.AsSpan(at), explicitLength: i < _frames.Count - 1);
            coded += _frames[i].Payload.Length;
        }

        return new PackedUnit(unit, _endMessage, coded, _frames.Count);
    }

    private bool Append(EncodedMessage head) =>
        head.IsLarge ? AppendPart(head, head.Parts!) : head.IsStored ? AppendStored(head) : AppendCoded();

    private bool AppendPart(EncodedMessage head, IReadOnlyList<EncodedPart> parts)
    {
        EncodedPart part = parts[_part];
        bool last = _part == parts.Count - 1;
        ReadOnlyMemory<byte> content = head.Source.Content.Slice(part.Offset, part.Length);
        PendingFrame frame = new(
            part.IsStored ? DataFrameKind.StoredPart : DataFrameKind.CodedPart,
            head.Source.Number,
            1,
            (ulong)part.Offset,
            last,
            part.IsStored ? 0 : ContentCheck.Of(content.Span),
            part.Payload,
            part.IsStored ? 0 : head.Base);
        if (!TryAppend(frame))
        {
            return false;
        }

        _part++;
        if (last)
        {
            _part = 0;
            Packed();
        }

        return true;
    }

    private bool AppendStored(EncodedMessage head)
    {
        PendingFrame frame = new(DataFrameKind.Stored, head.Source.Number, 1, 0, true, 0, head.Source.Content);
        if (!TryAppend(frame))
        {
            return false;
        }

        Packed();
        return true;
    }

    private bool AppendCoded()
    {
        (ulong first, ulong start) = (_queue.Peek().Source.Number, _queue.Peek().Base);
        int room = Room() - new PendingFrame(DataFrameKind.Coded, first, 1, 0, true, 0, default, start).Size(explicitLength: false);
        _encoder.Reset();
        ContentCheck check = new();
        int count = 0;
        int content = 0;
        while (count < CompressionLimits.FrameMessages
            && _queue.TryPeek(out EncodedMessage? next) && next.Decisions is not null && next.Base == start // spec 5.5-2
            && content + next.Source.Content.Length <= CompressionLimits.FrameContent
            && TryCode(next.Decisions, room))
        {
            check.Add(next.Source.Content.Span);
            content += next.Source.Content.Length;
            count++;
            Packed();
        }

        if (count == 0)
        {
            return false;
        }

        Close();
        _frames.Add(new PendingFrame(DataFrameKind.Coded, first, count, 0, true, check.Value, _encoder.Finish().ToArray(), start));
        return true;
    }

    private bool TryCode(Decision[] decisions, int room)
    {
        RangeEncoder.Checkpoint before = _encoder.Save(); // spec 5.4-1: the coder's state goes on from message to message
        foreach (Decision decision in decisions)
        {
            _encoder.Encode(decision.Cumulative, decision.Frequency, _bits);
        }

        if (_encoder.MaxLength <= room)
        {
            return true;
        }

        _encoder.Restore(before);
        return false;
    }

    private bool TryAppend(PendingFrame frame)
    {
        if (frame.Size(explicitLength: false) > Room())
        {
            return false;
        }

        Close();
        _frames.Add(frame);
        return true;
    }

    // Bytes left for one more frame, once the present last one has got its length.
    private int Room() => _maxUnitSize - _closedSize - (_frames.Count == 0 ? 0 : _frames[^1].Size(explicitLength: true));

    private void Close()
    {
        if (_frames.Count > 0)
        {
            _closedSize += _frames[^1].Size(explicitLength: true);
        }
    }

    private void Packed()
    {
        EncodedMessage message = _queue.Dequeue();
        PendingBytes -= message.CodedLength;
        _endMessage = message.Source.Number + 1;
    }
}
