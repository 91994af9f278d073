using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>From units to messages: a queue, a task that decodes what is in it in batches, and the assembler that puts messages in order.</summary>
/// <remarks>
/// Memory is bounded, whatever the peer sends. Frames wait as they came, a few times smaller than their messages; only so much is decoded ahead of a message that is
/// missing. Beyond that, the session finds room for what fills the gap alone, and where nothing is sent again, the gap is given up.
/// </remarks>
internal sealed class ReceivePipeline : ISessionHandler, IDisposable
{
    // Frames that wait to be decoded; beyond, the session holds the peer back.
    private const long MaxWaitingCost = 1 << 20;
    private const long MaxOutputBytes = 16 << 20;

    private readonly MessageCodec _codec;
    private readonly ReceiverContext? _context;
    private readonly int _maxExpansion;
    private readonly MessageAssembler _assembler;
    private readonly Queue<ReceivedMessage> _whole = new(); // To be given out.
    private readonly FrameQueue _frames = new();
    private readonly MessageQueue<ReceivedMessage> _output;
    private readonly WakeSignal _work = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<StreamLayout?> _layoutKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkCounters _counters;
    private readonly GapClock _gap;
    private readonly ClosingLinger _linger;
    private readonly bool _isOneWay;
    private readonly bool _isAnswered; // So a sender knows what is here.
    private Action _wakeDriver = () => { };
    private Task _decoding = Task.CompletedTask;
    private ulong _firstMissing; // Written by the decoding task, read by the driver, as the next.
    private volatile bool _isBlocked;
    private ulong _total = ulong.MaxValue;
    private bool _linkEnded;
    private volatile bool _isConfirmed;
    private volatile StreamLayout? _layout;
    private volatile LinkException? _failure;

    public ReceivePipeline(MessageCodec codec, ReceiverContext? context, LinkOptions options, bool twoWay, LinkCounters counters)
    {
        _codec = codec;
        _context = context;
        _maxExpansion = options.MaxExpansion;
        _counters = counters;
        _isOneWay = !options.HasReturnPath;
        _isAnswered = twoWay;
        _gap = new GapClock(options.OneWayDelay);
        _linger = new ClosingLinger(options.OneWayDelay);
        _assembler = new MessageAssembler(options.Ordered, options.MaxMessageSize, options.ReorderBufferSize);
        _output = new MessageQueue<ReceivedMessage>(options.QueueLength, MaxOutputBytes, message => message.Content.Length);
    }

    /// <summary>The messages, in order if the options say so; completes with the failure if there was one.</summary>
    public MessageQueue<ReceivedMessage> Messages => _output;

    /// <summary>What the sender said last of the stream that its messages come from; null before.</summary>
    public StreamLayout? Layout => _layout;

    /// <summary>Completes once <see cref="Layout"/> was said, or with null when everything else was.</summary>
    public Task<StreamLayout?> LayoutKnown => _layoutKnown.Task;

    /// <summary>How the session ended, once it has.</summary>
    public SessionEvent? Closing { get; private set; }

    /// <summary>Messages that were sent in all, once the peer has said so.</summary>
    public ulong? Total => Volatile.Read(ref _total) is var total && total == ulong.MaxValue ? null : total;

    /// <summary>Message numbers that are lost for good, as ranges, once the output is complete.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing { get; private set; } = [];

    /// <summary>Whether nothing but what fills a gap is of use now.</summary>
    public bool IsHeldBack => _isBlocked;

    public bool CanTakeEvents => _frames.Cost < MaxWaitingCost || _isBlocked;

    /// <summary>When <see cref="Pump"/> has something to do without any event.</summary>
    public Timestamp NextDeadline => Timestamp.Min(_linger.DueAt, _gap.DueAt);

    public void Start(Action wakeDriver)
    {
        _wakeDriver = wakeDriver;
        _decoding = Task.Run(DecodeAsync);
    }

    /// <summary>Every message was given out and used: the sender may be told.</summary>
    public void Confirm()
    {
        _isConfirmed = true;
        _wakeDriver();
    }

    public void Pump(LiveSession session, Timestamp now)
    {
        ulong firstMissing = Volatile.Read(ref _firstMissing);
        session.ForgetUnitsBefore(firstMissing);
        session.HoldBackUnitsFrom(_isBlocked ? firstMissing + 1 : ulong.MaxValue);
        if (_gap.Update(now))
        {
            _work.Set();
        }

        if (_failure is { } failure)
        {
            session.Close(failure.Code, now, failure.Message);
        }
        else if (_linkEnded || (_isAnswered && _isConfirmed))
        {
            session.Close(LinkErrorCode.Closed, now); // spec 4.7-5
        }
        else if (_isOneWay && Total is not null)
        {
            // Nobody will send again what is missing: this end does not wait for it for ever.
            _linger.Update(session.Statistics, now);
            if (_linger.DueAt <= now)
            {
                session.Close(LinkErrorCode.Closed, now);
            }
        }
    }

    public void OnEvent(in SessionEvent e)
    {
        switch (e.Kind)
        {
            case SessionEventKind.UnitReceived:
                TakeUnit(e.Frames);
                break;
            case SessionEventKind.ControlReceived:
                _layout = StreamLayout.FromControl(e.Control) ?? _layout;
                _layoutKnown.TrySetResult(_layout);
                break;
            case SessionEventKind.PeerEnded:
                Volatile.Write(ref _total, e.TotalMessages);
                break;
            case SessionEventKind.Closed:
                Closing = e;
                _frames.Complete();
                break;
        }

        _work.Set();
    }

    public bool OnPeerRestart(LiveSession session, Timestamp now)
    {
        bool goesOn = !_isConfirmed;
        session.Close(goesOn ? LinkErrorCode.Canceled : LinkErrorCode.Closed, now, goesOn ? "another session has taken its place" : "");
        return goesOn;
    }

    public void OnLinkEnd()
    {
        _linkEnded = true;
    }

    /// <summary>Waits until everything that came is decoded and the output is complete.</summary>
    public async Task FinishAsync()
    {
        _frames.Complete();
        _work.Set();
        await _decoding.ConfigureAwait(false);
    }

    /// <summary>Gives up what is not given out, whoever waits for it.</summary>
    public void Abort() => _stop.Cancel();

    public void Dispose()
    {
        _context?.Dispose();
        _stop.Dispose();
    }

    private void TakeUnit(IReadOnlyList<DataFrame> frames)
    {
        _counters.AddUnit(frames.Sum(frame => (long)frame.Payload.Length));
        _frames.Add(frames);
    }

    private void Fail(LinkErrorCode code, string text) => Interlocked.CompareExchange(ref _failure, new LinkException(code, text), null);

    private async Task DecodeAsync()
    {
        Exception? error = null;
        try
        {
            while (_failure is null && _assembler.Completed != Total && await DecodeNextAsync().ConfigureAwait(false))
            {
            }

            Missing = _assembler.Finish(Total);
            await GiveOutAsync().ConfigureAwait(false);
            error = _failure;
        }
        catch (OperationCanceledException)
        {
            error = _failure ?? new LinkException(LinkErrorCode.Canceled, "Receiving was stopped.");
        }
        catch (Exception e)
        {
            error = e;
            Interlocked.CompareExchange(ref _failure, new LinkException(LinkErrorCode.Canceled, "The receiver gave up.", e), null);
        }

        _layoutKnown.TrySetResult(_layout);
        _output.Complete(error);
        _wakeDriver();
    }

    // False when nothing comes any more.
    private async Task<bool> DecodeNextAsync()
    {
        bool isComplete = _frames.IsComplete; // Before the frames are looked at: none is added after.
        List<DataFrame> batch = _frames.Take(_assembler.IsFull ? _assembler.FirstMissing : ulong.MaxValue);
        if (batch.Count > 0)
        {
            await DecodeBatchAsync(batch).ConfigureAwait(false);
            _frames.Release(batch);
            Publish(isBlocked: false);
            await GiveOutAsync().ConfigureAwait(false);
            return true;
        }

        bool givesUp = _assembler.IsFull && (isComplete || !_isAnswered);
        if (givesUp || (_assembler.HasGap && _gap.IsOver(_assembler.FirstMissing)))
        {
            _assembler.SkipGap();
            Publish(isBlocked: false);
            await GiveOutAsync().ConfigureAwait(false);
            return true;
        }

        if (isComplete)
        {
            return false;
        }

        Publish(isBlocked: _assembler.IsFull);
        await _work.WaitAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
        return true;
    }

    private void Publish(bool isBlocked)
    {
        Volatile.Write(ref _firstMissing, _assembler.FirstMissing);
        _isBlocked = isBlocked;
        _gap.Set(_isOneWay && _assembler.HasGap ? _assembler.FirstMissing : null);
        _wakeDriver();
    }

    private async Task DecodeBatchAsync(List<DataFrame> batch)
    {
        int at = 0;
        while (at < batch.Count && _failure is null)
        {
            (List<DataFrame> frames, List<StreamContext?> contexts) = TakeDecodable(batch, ref at);
            foreach (DecodedFrame decoded in await _codec.DecodeAsync(new DecodingBatch(frames, contexts, _maxExpansion), _stop.Token, _counters.AddCoded).ConfigureAwait(false))
            {
                LinkErrorCode code = decoded.Error == LinkErrorCode.None ? _assembler.Add(decoded) : decoded.Error;
                if (code != LinkErrorCode.None)
                {
                    Fail(code, Explain(code));
                }
            }

            _context?.Recycle();
            TakeWhole();
        }
    }

    // The next frames whose contexts are there: what a frame leans on came before it, but perhaps in this very batch, and then its turn comes once that is decoded.
    private (List<DataFrame> Frames, List<StreamContext?> Contexts) TakeDecodable(List<DataFrame> batch, ref int at)
    {
        List<DataFrame> frames = [];
        List<StreamContext?> contexts = [];
        HashSet<ulong> bases = [];
        for (; at < batch.Count && _failure is null; at++)
        {
            DataFrame frame = batch[at];
            if (bases.Add(frame.Base) && bases.Count > ContextLimits.Versions + 1)
            {
                break; // No honest sender has more at a time; each takes memory.
            }

            StreamContext? context = null;
            LinkErrorCode code = frame.Base == 0 ? LinkErrorCode.None : _context?.TryGet(frame.Base, out context, _stop.Token) ?? LinkErrorCode.Malformed;
            if (code == LinkErrorCode.None)
            {
                frames.Add(frame);
                contexts.Add(context);
            }
            else if (frames.Count > 0)
            {
                break;
            }
            else if (code != LinkErrorCode.MessageLost || _isAnswered)
            {
                Fail(LinkErrorCode.Malformed, "The peer codes from messages that this end does not have."); // spec 5.5-6
            }

            // Else a file is damaged: what leans on the damaged messages is lost with them.
        }

        return (frames, contexts);
    }

    private void TakeWhole()
    {
        while (_assembler.TryTake(out ReceivedMessage message))
        {
            _context?.Add(message);
            _whole.Enqueue(message);
        }
    }

    private async Task GiveOutAsync()
    {
        TakeWhole();
        while (_whole.TryDequeue(out ReceivedMessage message))
        {
            _counters.AddMessage(message.Content.Length);
            await _output.AddAsync(message, _stop.Token).ConfigureAwait(false);
        }
    }

    private static string Explain(LinkErrorCode code) => code switch
    {
        LinkErrorCode.ModelDivergence => "A segment decoded to something else than was sent: the models of both ends diverge.",
        LinkErrorCode.LimitExceeded => "The peer sends a message that is larger, or a frame that stands for more content, than this end allows (MaxMessageSize, MaxExpansion).",
        _ => "The peer sends frames that break the protocol.",
    };
}
