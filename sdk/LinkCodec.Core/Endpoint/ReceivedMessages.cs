using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Turns data frames into messages: frames wait as they came, are decoded elsewhere, and what they hold is put in order
/// and given out.
/// </summary>
/// <remarks>
/// Memory is bounded, whatever the peer sends. Waiting frames are a few times smaller than their messages; only so much
/// is decoded ahead of a message that is missing. Beyond that, the session finds room for what fills the gap alone, and
/// where nothing is sent again, the gap is given up.
/// </remarks>
internal sealed class ReceivedMessages : IDisposable
{
    // Frames that wait to be decoded; beyond, the session holds the peer back.
    private const long MaxWaitingCost = 1 << 20;
    private const long MaxOutputBytes = 16 << 20;

    private readonly EndpointOptions _options;
    private readonly Predictor _predictor;
    private readonly BlockCompressorFactory? _compressors;
    private readonly MessageAssembler _assembler;
    private readonly MediaAssembler _codes;
    private readonly FrameQueue _frames = new();
    private readonly Queue<ReceivedMessage> _output = new();
    private readonly Queue<IncompleteMessage> _incomplete = new();
    private readonly GapTimer _gap;
    private readonly ContextPool _pool;
    private ReceiverContexts? _contexts;
    private long _outputBytes;
    private bool _isEnded; // No more frames come.

    public ReceivedMessages(
        EndpointOptions options, Predictor predictor, BlockCompressorFactory? compressors = null)
    {
        (_options, _predictor, _compressors) = (options, predictor, compressors);
        _pool = new ContextPool(predictor);
        bool hasContexts = predictor.KeepsContext && (options.HasReturnPath || options.MayChain);
        _contexts = hasContexts ? new ReceiverContexts(_pool, isChained: !options.HasReturnPath) : null;
        _gap = new GapTimer(options.Session.OneWayDelay);
        _assembler = new MessageAssembler(options.Ordered, options.MaxMessageSize, options.ReorderBufferSize,
            options.KeepsIncomplete);
        _codes = new MediaAssembler(options.ReorderBufferSize, givesUp: !options.HasReturnPath, _assembler);
    }

    /// <summary>Messages that were sent in all, once the peer has said so.</summary>
    public ulong? Total { get; set; }

    /// <summary>Whether frames are out to be decoded.</summary>
    public bool IsDecoding { get; private set; }

    /// <summary>Whether nothing more is given out than what waits to be taken.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Messages that wait to be taken.</summary>
    public int Waiting => _output.Count;

    /// <summary>Message numbers that are lost for good, as ranges, once complete.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing { get; private set; } = [];

    /// <summary>The error that ended decoding early; <see cref="LinkErrorCode.None"/> where there is none.</summary>
    public LinkErrorCode Error { get; private set; }

    /// <summary>The text that tells the peer of <see cref="Error"/>.</summary>
    public string ErrorText { get; private set; } = "";

    /// <summary>The exception that this machine failed with; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Messages before this number are whole.</summary>
    public ulong FirstMissing => _assembler.FirstMissing;

    /// <summary>Whether nothing but what fills a gap is of use now.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether frames may be added.</summary>
    public bool TakesFrames => _frames.Cost + _codes.Waiting < MaxWaitingCost || IsBlocked || IsComplete;

    public MessageCounters Counters { get; } = new();

    /// <summary>The instant at which <see cref="Advance"/> gives up a gap.</summary>
    public Timestamp NextDeadline => _gap.DueAt;

    private ulong LastOfUse => _assembler.IsFull ? _assembler.FirstMissing : ulong.MaxValue;

    public void Add(IReadOnlyList<DataFrame> frames)
    {
        if (!IsComplete)
        {
            Counters.AddUnit(frames.Sum(frame => (long)frame.Payload.Length));
            LinkErrorCode code = _codes.Take(frames, out IReadOnlyList<DataFrame> whole);
            if (code != LinkErrorCode.None)
            {
                Fail(code, Explain(code));
            }
            else if (whole.Count > 0)
            {
                _frames.Add(whole);
            }
        }
    }

    /// <summary>Takes the first messages for given out: the application has them from an earlier session.</summary>
    /// <param name="count">Messages from the session's first on.</param>
    /// <param name="beginning">The beginning of the message behind them, which came then.</param>
    public void PassOver(ulong count, ReadOnlyMemory<byte> beginning)
    {
        HasPassedOver |= count > _assembler.FirstMissing;
        _assembler.PassOver(count);
        if (!beginning.IsEmpty)
        {
            _assembler.AddBeginning(count, beginning);
        }

        TakeWhole();
    }

    /// <summary>Whether messages count as whole that did not come in this session: units of them may still come, hold
    /// others too, and fill contexts.</summary>
    public bool HasPassedOver { get; private set; }

    /// <summary>The first message that is not whole, and the bytes from its beginning that are there.</summary>
    public (ulong Number, int Bytes) Head => _assembler.Head;

    /// <summary>Gives bytes of that message.</summary>
    public bool TryReadHead(int start, int length, out ReadOnlyMemory<byte> bytes) =>
        _assembler.TryRead(Head.Number, start, length, out bytes);

    /// <summary>No more frames come.</summary>
    public void End() => _isEnded = true;

    /// <summary>Gives up what is not given out.</summary>
    public void Abort(LinkErrorCode code, string text)
    {
        Fail(code, text);
        IsComplete = true;
    }

    /// <summary>Takes a message if one is ready.</summary>
    public bool TryTake(out ReceivedMessage message)
    {
        bool any = _output.TryDequeue(out message);
        _outputBytes -= any ? message.Content.Length : 0;
        return any;
    }

    /// <summary>Takes what came of a message of samples that was given up, if there is one.</summary>
    public bool TryTakeIncomplete(out IncompleteMessage message)
    {
        bool any = _incomplete.TryDequeue(out message);
        _outputBytes -= any ? message.Length : 0;
        return any;
    }

    /// <summary>Hands out the next frames to be decoded.</summary>
    public DecodingWork? TakeWork(object owner)
    {
        bool hasRoom = _output.Count < _options.QueueLength && _outputBytes < MaxOutputBytes;
        if (IsDecoding || IsComplete || !hasRoom || !_frames.Any(LastOfUse))
        {
            return null;
        }

        IsDecoding = true;
        return new DecodingWork(owner, _predictor, _contexts, _frames.Take(LastOfUse), _options.MaxExpansion,
            _compressors);
    }

    /// <summary>Takes decoded frames back.</summary>
    public void Return(DecodingWork work)
    {
        IsDecoding = false;
        if (work.Failure is not null)
        {
            Failure = work.Failure;
            Fail(LinkErrorCode.Canceled, "The receiver gave up.");
            return;
        }

        foreach (IEnumerable<DecodedFrame> unit in work.Decoded)
        {
            _contexts?.Keep(unit);
        }

        foreach (DecodedFrame decoded in work.Batch.Results)
        {
            LinkErrorCode code = decoded.Error == LinkErrorCode.None ? _assembler.Add(decoded) : decoded.Error;
            if (code != LinkErrorCode.None)
            {
                Fail(code, Explain(code));
            }
        }

        // Where a file is damaged, messages that start from damaged ones are lost with them.
        if (work.ContextError != LinkErrorCode.None
            && (work.ContextError != LinkErrorCode.MessageLost || _options.HasReturnPath))
        {
            Fail(LinkErrorCode.Malformed, "The peer codes from a context that this end does not have."); // spec 5.5-6
        }

        _frames.Release(work.Units, work.Taken);
        foreach (DataFrame frame in _codes.TakeReady())
        {
            _frames.Add([frame]); // A unit of its own, so that no other waits for it.
        }

        TakeWhole();
    }

    /// <summary>
    /// Gives up gaps that are due, and completes when nothing more can come. To be called after every change.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="hopesUntil">Until when repairs may mend what is missing; null where nothing is to be hoped
    /// for.</param>
    public void Advance(Timestamp now, Timestamp? hopesUntil = null)
    {
        while (!IsDecoding && !IsComplete)
        {
            bool isDone = Error != LinkErrorCode.None || _assembler.Completed >= Total;
            if (!isDone && _frames.Any(LastOfUse))
            {
                break;
            }

            bool givesUp = _assembler.IsFull && (_isEnded || !_options.HasReturnPath);
            if (!isDone && (givesUp || (_assembler.HasGap && _gap.DueAt <= now)))
            {
                _assembler.SkipGap();
                _codes.Forget(_assembler.FirstMissing);
                SetGap(now, hopesUntil);
                TakeWhole();
                continue;
            }

            if (isDone || _isEnded)
            {
                Missing = _assembler.Finish(Total);
                TakeWhole();
                IsComplete = true;
            }

            break;
        }

        bool isFull = _assembler.IsFull || _codes.Waiting >= MaxWaitingCost;
        IsBlocked = !IsDecoding && !IsComplete && isFull && !_frames.Any(LastOfUse);
        SetGap(now, hopesUntil);
    }

    public void Dispose()
    {
        _contexts?.Dispose();
        _contexts = null;
        _pool.Dispose();
    }

    private void SetGap(Timestamp now, Timestamp? hopesUntil)
    {
        bool waits = !_options.HasReturnPath && !_options.IsFile && !IsComplete && _assembler.HasGap;
        _gap.Set(waits ? _assembler.FirstMissing : null, now, hopesUntil);
    }

    private void TakeWhole()
    {
        while (_assembler.TryTake(out ReceivedMessage message))
        {
            Counters.AddMessage(message.Content.Length);
            _outputBytes += message.Content.Length;
            _output.Enqueue(message);
        }

        while (_assembler.TryTakeIncomplete(out IncompleteMessage incomplete))
        {
            _outputBytes += incomplete.Length;
            _incomplete.Enqueue(incomplete);
        }
    }

    private void Fail(LinkErrorCode code, string text) =>
        (Error, ErrorText) = Error == LinkErrorCode.None ? (code, text) : (Error, ErrorText);

    private static string Explain(LinkErrorCode code) => code switch
    {
        LinkErrorCode.ModelDivergence =>
            "A segment decoded to something else than was sent: the models of both ends diverge.",
        LinkErrorCode.LimitExceeded =>
            "The peer sends a message that is larger, or a frame that stands for more content, than this end allows "
                + "(MaxMessageSize, MaxExpansion).",
        _ => "The peer sends frames that break the protocol.",
    };
}
