using LinkCodec.Core.Coding;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>A unit that messages are still being coded into.</summary>
/// <remarks>
/// It has frames that are closed, and perhaps one at its end that still grows. Everything coded is final when it is
/// accepted: a unit can be sent at any time between messages. Not thread-safe.
/// </remarks>
/// <param name="maxSize">Bytes of a unit at most.</param>
/// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
internal sealed class OpenUnit(int maxSize, int frequencyBits)
{
    private readonly List<DataFrame> _frames = [];
    private readonly List<ReadOnlyMemory<byte>> _messages = []; // those of the growing frame
    private readonly List<ReadOnlyMemory<byte>> _stored = [];   // those of the stored frame that was added last
    private int _closedSize;
    private bool _isGrowing;
    private DataFrame _head;
    private ContentCheck _check;
    private int _content;
    private RangeEncoder.Checkpoint _accepted;

    /// <summary>The decisions of the growing frame.</summary>
    public DecisionList Decisions { get; } = new(frequencyBits);

    /// <summary>The slot that the first code starts from; 0 for the start state.</summary>
    public int Base { get; init; }

    /// <summary>The context of <see cref="Base"/>, which nobody changes; null for the start state.</summary>
    public StreamContext? Start { get; init; }

    /// <summary>The slot that is to keep what the unit leaves behind; 0 for none.</summary>
    public int Keep { get; set; }

    /// <summary>What the predictor has learned; null before it was saved. Owned by the unit.</summary>
    public StreamContext? State { get; set; }

    /// <summary>Whether <see cref="State"/> stands behind all that was accepted.</summary>
    public bool IsStateCurrent { get; set; }

    /// <summary>Whether nothing is in the unit.</summary>
    public bool IsEmpty => _frames.Count == 0 && !_isGrowing;

    /// <summary>Whether a code is in the unit, from which further ones go on.</summary>
    public bool HasCode { get; private set; }

    /// <summary>Number of the first message; meaningful where the unit is not empty.</summary>
    public ulong First => _frames.Count > 0 ? _frames[0].FirstMessage : _head.FirstMessage;

    /// <summary>Message bytes in the unit.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>Bytes that the growing frame's code may have, with one message more, whole or cut.</summary>
    public int CodeRoom
    {
        get
        {
            DataFrame grown = _head with { Count = _messages.Count + 1 };
            return maxSize - _closedSize - DataFrameWriter.HeaderLength(grown with { IsLast = false }, toEnd: true);
        }
    }

    /// <summary>Bytes that are left for a frame behind those that there are.</summary>
    public int Room => maxSize - _closedSize - (_isGrowing ? GrowingLength(toEnd: false) : 0);

    /// <summary>Makes sure that the growing frame takes a message, or the rest of one, next.</summary>
    /// <param name="number">The message's number.</param>
    /// <param name="offset">Where in the message it is to go on.</param>
    public void Open(ulong number, int offset)
    {
        bool isNext = _isGrowing && offset == 0 && _head.FirstMessage + (ulong)_messages.Count == number
            && _messages.Count < FrameLimits.MaxMessagesPerFrame;
        if (isNext)
        {
            return;
        }

        CloseFrame();
        _head = new DataFrame
        {
            Kind = DataFrameKind.Coded,
            FirstMessage = number,
            Count = 1,
            Offset = (ulong)offset,
            IsLast = true,
            Base = HasCode ? 0 : Base,
        };
        (_isGrowing, _content) = (true, 0);
        Decisions.Clear();
        _accepted = Decisions.Save();
        AcceptedLength = 0;
    }

    /// <summary>Bytes of code that the accepted messages of the growing frame take at most.</summary>
    public int AcceptedLength { get; private set; }

    /// <summary>Message bytes that the growing frame may take beside those that it has.</summary>
    public int ContentRoom => CompressionLimits.Content(CodeRoom, _messages.Count + 1) - _content; // spec 5.4-5

    /// <summary>Whether the message that was coded last fits, whole or cut, together with what it stands for.</summary>
    public bool Fits(int length) => Decisions.MaxLength <= CodeRoom
        && length <= ContentRoom;

    /// <summary>Keeps what was coded last: a message, or as much of it as fits.</summary>
    /// <param name="content">The message's bytes, which must not change until the unit is finished.</param>
    /// <param name="isLast">Whether the message ends with them.</param>
    public void Accept(ReadOnlyMemory<byte> content, bool isLast)
    {
        if (_messages.Count == 0)
        {
            _check = new ContentCheck(_head.FirstMessage);
        }

        _messages.Add(content);
        _head = _head with { Count = _messages.Count, IsLast = isLast };
        _check.Add(content.Span);
        _content += content.Length;
        MessageBytes += content.Length;
        _accepted = Decisions.Save();
        AcceptedLength = Decisions.MaxLength;
        Decisions.DropItems();
        (HasCode, IsStateCurrent) = (true, false);
    }

    /// <summary>Takes back what was coded since something was accepted last.</summary>
    public void TakeBack()
    {
        Decisions.Restore(_accepted);
        if (_messages.Count == 0)
        {
            _isGrowing = false;
        }
    }

    /// <summary>Stores a part of a message behind all else, as much of it as fits; gives its length, 0 where nothing
    /// fits.</summary>
    public int StorePart(ulong number, int offset, ReadOnlyMemory<byte> content, bool isLast)
    {
        CloseFrame();
        DataFrame part = StoredContent.PartOf(number, offset, content, maxSize - _closedSize, isLast);
        if (part.Payload.IsEmpty)
        {
            return 0;
        }

        MessageBytes += part.Payload.Length;
        if (part.Kind == DataFrameKind.Stored)
        {
            AddStored(part);
        }
        else
        {
            Add(part);
        }

        return part.Payload.Length;
    }

    /// <summary>Ends the unit. Nothing can be added any more.</summary>
    /// <param name="contexts">Takes the unit's context back where nothing can go on from there.</param>
    public PackedUnit Finish(ContextPool contexts)
    {
        PackedUnit packed = Finish();
        contexts.Return(State);
        State = null;
        return packed;
    }

    private PackedUnit Finish()
    {
        if (_isGrowing && Stored() is { } stored)
        {
            // What no model shrinks travels as it is; nothing goes on from its code then.
            (_isGrowing, IsStateCurrent) = (false, false);
            _frames.AddRange(stored);
        }

        CloseFrame();
        int coded = _frames.FindLastIndex(frame => frame.IsCoded);
        if (!IsStateCurrent || Keep == 0 || State is null || coded < 0)
        {
            return new PackedUnit(_frames, null) { MessageBytes = MessageBytes };
        }

        _frames[coded] = _frames[coded] with { Keep = Keep };
        PackedUnit unit = new(_frames, State) { MessageBytes = MessageBytes };
        State = null;
        return unit;
    }

    private void CloseFrame()
    {
        if (_isGrowing)
        {
            _isGrowing = false;
            ReadOnlySpan<byte> code = Decisions.Finish();
            byte[] payload = new byte[Math.Max(code.Length, CompressionLimits.Payload(_content, _messages.Count))];
            code.CopyTo(payload); // spec 5.4-6: zeros behind a code change nothing.
            DataFrame frame = _head with { Payload = payload };
            Add(frame with { Check = _check.Value & frame.CheckMask });
        }

        _messages.Clear();
    }

    private void Add(DataFrame frame)
    {
        _frames.Add(frame);
        _closedSize += DataFrameWriter.Length(frame, toEnd: false);
    }

    private int GrowingLength(bool toEnd)
    {
        int code = Math.Max(Decisions.MaxLength, CompressionLimits.Payload(_content, _messages.Count));
        int header = DataFrameWriter.HeaderLength(_head, toEnd: true);
        return code + header + (toEnd ? 0 : VarInt.Length((ulong)(code + header)));
    }

    // The growing frame's messages as they are, parts in frames of their own; null where that takes more.
    private List<DataFrame>? Stored()
    {
        if (_content > GrowingLength(toEnd: true))
        {
            return null;
        }

        List<DataFrame> frames = [];
        (int from, int to) = (0, _messages.Count);
        if (_head.Offset > 0)
        {
            frames.Add(PartOf(from++, _head.Offset, isLast: to > 1 || _head.IsLast));
        }

        bool isCut = !_head.IsLast && to > from;
        to -= isCut ? 1 : 0;
        if (to > from)
        {
            frames.Add(StoredContent.FrameOf(
                _head.FirstMessage + (ulong)from, to - from, StoredContent.Join(_messages[from..to])));
        }

        if (isCut)
        {
            frames.Add(PartOf(to, 0, isLast: false));
        }

        int length = frames.Select((frame, i) => DataFrameWriter.Length(frame, i == frames.Count - 1)).Sum();
        return length <= GrowingLength(toEnd: true) ? frames : null;
    }

    private DataFrame PartOf(int message, ulong offset, bool isLast) => new()
    {
        Kind = DataFrameKind.StoredPart,
        FirstMessage = _head.FirstMessage + (ulong)message,
        Count = 1,
        Offset = offset,
        IsLast = isLast,
        Payload = _messages[message],
    };

    // Stored messages that follow each other share a frame.
    private void AddStored(DataFrame message)
    {
        int last = _frames.Count - 1;
        bool isNext = _stored.Count > 0 && last >= 0 && _stored.Count < FrameLimits.MaxMessagesPerFrame
            && (_frames[last].Kind is DataFrameKind.Stored or DataFrameKind.StoredMany)
            && _frames[last].FirstMessage + (ulong)_stored.Count == message.FirstMessage;
        if (!isNext)
        {
            _stored.Clear();
            _stored.Add(message.Payload);
            Add(message);
            return;
        }

        _stored.Add(message.Payload);
        _closedSize -= DataFrameWriter.Length(_frames[last], toEnd: false);
        DataFrame joined = StoredContent.FrameOf(
            _frames[last].FirstMessage, _stored.Count, StoredContent.Join(_stored));
        _frames.RemoveAt(last);
        Add(joined);
    }
}
