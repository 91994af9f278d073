using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Packs coded messages into units: as many small ones as fit share a frame, coded or stored as takes fewer
/// bytes; parts of large ones fill a unit each.</summary>
/// <remarks>Cheap: it codes decisions that were predicted before, about 20 ns each. Not thread-safe.</remarks>
/// <param name="maxUnitSize">Bytes of a unit at most; the same as the encoder's.</param>
/// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
internal sealed class UnitPacker(int maxUnitSize, int frequencyBits)
{
    private readonly Queue<EncodedMessage> _queue = new();
    private readonly RangeEncoder _encoder = new();
    private readonly PackingPlan _plan = new(maxUnitSize);
    private readonly List<DataFrame> _frames = [];

    // All frames but the last take so many bytes, each with its length.
    private int _closedSize;

    // The next part to pack of the message at the head of the queue has this index.
    private int _part;
    private ulong _endMessage;
    private PackingCost _pending;

    /// <summary>Whether a unit can be built.</summary>
    public bool HasPending => _queue.Count > 0;

    /// <summary>Bytes that what is queued takes at least. Where they are more than a unit, the next one is full, and
    /// does not change with what is queued behind.</summary>
    public long PendingBytes => _pending.Bytes;

    /// <summary>Queues a message; numbers must follow each other.</summary>
    public void Add(EncodedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _queue.Enqueue(message);
        _pending += PackingCost.Of(message);
    }

    /// <summary>Builds the next unit from what is queued.</summary>
    /// <exception cref="InvalidOperationException">The packer's queue is empty.</exception>
    public PackedUnit Build()
    {
        _frames.Clear();
        _closedSize = 0;
        while (_queue.TryPeek(out EncodedMessage? head)
            && (head.IsLarge ? AppendPart(head, head.Parts!) : AppendSmall()))
        {
        }

        if (_frames.Count == 0)
        {
            throw new InvalidOperationException(
                HasPending ? "A message was coded for larger units." : "Nothing is queued.");
        }

        byte[] unit = new byte[_closedSize + DataFrameWriter.Length(_frames[^1], toEnd: true)];
        int at = 0;
        int coded = 0;
        for (int i = 0; i < _frames.Count; i++)
        {
            at += DataFrameWriter.Write(unit.AsSpan(at), _frames[i], toEnd: i == _frames.Count - 1);
            coded += _frames[i].Payload.Length;
        }

        return new PackedUnit(unit, _endMessage, coded, _frames.Count);
    }

    // This packs the small messages as planned, frame by frame; false once the unit is full, where there may be no room
    // for a plan either.
    private bool AppendSmall()
    {
        IReadOnlyList<bool> plan = _plan.Make(_queue, Room());
        for (int at = 0; at < plan.Count;)
        {
            int end = at + 1;
            while (end < plan.Count && end - at < CompressionLimits.FrameMessages && plan[end] == plan[at])
            {
                end++;
            }

            int packed = plan[at] ? AppendCoded(end - at) : AppendStored(end - at);
            if (packed == 0)
            {
                return false;
            }

            at += packed;
        }

        return plan.Count > 0;
    }

    private bool AppendPart(EncodedMessage head, IReadOnlyList<EncodedPart> parts)
    {
        EncodedPart part = parts[_part];
        bool last = _part == parts.Count - 1;
        ReadOnlyMemory<byte> content = head.Source.Content.Slice(part.Offset, part.Length);
        DataFrame frame = new(
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

        _pending -= PackingCost.Of(part.Payload.Length);
        _part++;
        if (last)
        {
            _part = 0;
            Leave();
        }

        return true;
    }

    // This packs at most this many of the next messages as they are into one frame, and says how many it packed.
    private int AppendStored(int most)
    {
        OutgoingMessage first = _queue.Peek().Source;
        DataFrame frame = new(DataFrameKind.Stored, first.Number, 1, 0, true, 0, first.Content);
        int room = Room();
        if (DataFrameWriter.Length(frame, toEnd: true) > room)
        {
            return 0;
        }

        Packed();
        int count = 1;
        int size = DataFrameWriter.HeaderLength(DataFrameKind.StoredMany, first.Number) + first.Content.Length;
        int last = first.Content.Length;
        List<ReadOnlyMemory<byte>> messages = [first.Content];
        while (count < most && size + VarInt.Length((ulong)last) + _queue.Peek().Source.Content.Length <= room)
        {
            ReadOnlyMemory<byte> next = _queue.Peek().Source.Content;
            size += VarInt.Length((ulong)last) + next.Length;
            last = next.Length;
            messages.Add(next);
            count++;
            Packed();
        }

        Close();
        _frames.Add(count == 1
            ? frame
            : new DataFrame(DataFrameKind.StoredMany, first.Number, count, 0, true, 0, Join(messages)));
        return count;
    }

    // spec 4.3-6: each message but the last stands behind its length.
    private static byte[] Join(List<ReadOnlyMemory<byte>> messages)
    {
        int lengths = messages.SkipLast(1).Sum(message => VarInt.Length((ulong)message.Length));
        byte[] joined = new byte[lengths + messages.Sum(message => message.Length)];
        int at = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            at += i == messages.Count - 1 ? 0 : VarInt.Write(joined.AsSpan(at), (ulong)messages[i].Length);
            messages[i].Span.CopyTo(joined.AsSpan(at));
            at += messages[i].Length;
        }

        return joined;
    }

    // This packs at most this many of the next messages into one range code, and says how many it packed.
    private int AppendCoded(int most)
    {
        (ulong first, ulong start) = (_queue.Peek().Source.Number, _queue.Peek().Base);
        int room = Room() - DataFrameWriter.HeaderLength(DataFrameKind.Coded, first, start: start);
        _encoder.Reset();
        ContentCheck check = new();
        int count = 0;
        int content = 0;
        while (count < most
            && _queue.TryPeek(out EncodedMessage? next) && next.Base == start // spec 5.5-2
            && content + next.Source.Content.Length <= CompressionLimits.Content(room, count + 1) // spec 5.4-5
            && TryCode(next.Decisions!, room))
        {
            check.Add(next.Source.Content.Span);
            content += next.Source.Content.Length;
            count++;
            Packed();
        }

        if (count == 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> code = _encoder.Finish();
        byte[] payload = new byte[Math.Max(code.Length, CompressionLimits.Payload(content, count))];
        code.CopyTo(payload); // spec 5.4-6: zeros behind a code change nothing.
        Close();
        _frames.Add(new DataFrame(DataFrameKind.Coded, first, count, 0, true, check.Value, payload, start));
        return count;
    }

    private bool TryCode(Decision[] decisions, int room)
    {
        // spec 5.4-1: the coder's state goes on from message to message.
        RangeEncoder.Checkpoint before = _encoder.Save();
        foreach (Decision decision in decisions)
        {
            _encoder.Encode(decision.Cumulative, decision.Frequency, frequencyBits);
        }

        if (_encoder.MaxLength <= room)
        {
            return true;
        }

        _encoder.Restore(before);
        return false;
    }

    private bool TryAppend(DataFrame frame)
    {
        if (DataFrameWriter.Length(frame, toEnd: true) > Room())
        {
            return false;
        }

        Close();
        _frames.Add(frame);
        return true;
    }

    // The bytes that are left for one more frame, once the present last one has got its length.
    private int Room() => maxUnitSize - _closedSize - LastSize();

    private int LastSize() => _frames.Count == 0 ? 0 : DataFrameWriter.Length(_frames[^1], toEnd: false);

    private void Close() => _closedSize += LastSize();

    private void Packed()
    {
        _pending -= PackingCost.Of(_queue.Peek());
        Leave();
    }

    private void Leave() => _endMessage = _queue.Dequeue().Source.Number + 1;
}
