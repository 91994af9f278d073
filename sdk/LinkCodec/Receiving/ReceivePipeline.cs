using System.Threading.Channels;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Transport;

namespace LinkCodec;

/// <summary>From units to messages: a queue, a task that decodes what is in it in batches, and the assembler that puts messages in order.</summary>
internal sealed class ReceivePipeline : ISessionHandler, IDisposable
{
    // Units that wait to be decoded; beyond, the session holds the peer back.
    private const int MaxWaitingBytes = 1 << 20;
    private const int MaxBatchFrames = 256;

    private readonly MessageCodec _codec;
    private readonly ReceiverContext? _context;
    private readonly int _maxExpansion;
    private readonly MessageAssembler _assembler;
    private readonly Queue<ReceivedMessage> _whole = new(); // To be given out.
    private readonly Channel<ReceivedFrame> _frames = Channel.CreateUnbounded<ReceivedFrame>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<ReceivedMessage> _output;
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkCounters _counters;
    private readonly ClosingLinger _linger;
    private readonly bool _isOneWay;
    private readonly bool _isAnswered; // So a sender knows what is here.
    private Action _wakeDriver = () => { };
    private Task _decoding = Task.CompletedTask;
    private long _waitingBytes;
    private long _firstMissing; // Written by the decoding task, read by the driver.
    private ulong? _total;
    private bool _linkEnded;
    private volatile bool _complete;
    private volatile LinkException? _failure;

    public ReceivePipeline(MessageCodec codec, ReceiverContext? context, LinkOptions options, bool twoWay, LinkCounters counters)
    {
        _codec = codec;
        _context = context;
        _maxExpansion = options.MaxExpansion;
        _counters = counters;
        _isOneWay = !options.HasReturnPath;
        _isAnswered = twoWay;
        _linger = ClosingLinger.For(options);
        _assembler = new MessageAssembler(options.Ordered, options.MaxMessageSize);
        _output = Channel.CreateBounded<ReceivedMessage>(new BoundedChannelOptions(options.QueueLength) { SingleWriter = true });
    }

    /// <summary>The messages, in order if the options say so; completes with the failure if there was one.</summary>
    public ChannelReader<ReceivedMessage> Messages => _output.Reader;

    /// <summary>Control maps that came, the newest last.</summary>
    public List<byte[]> Controls { get; } = [];

    /// <summary>How the session ended, once it has.</summary>
    public SessionEvent? Closing { get; private set; }

    /// <summary>Messages that were sent in all, once the peer has said so.</summary>
    public ulong? Total => _total;

    /// <summary>Message numbers that are lost for good, as ranges, once the output is complete.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing { get; private set; } = [];

    /// <summary>Frames that were refused because they did not decode to what their check says, or broke the spec.</summary>
    public int RefusedFrames { get; private set; }

    public bool CanTakeEvents => Interlocked.Read(ref _waitingBytes) < MaxWaitingBytes;

    public void Start(Action wakeDriver)
    {
        _wakeDriver = wakeDriver;
        _decoding = Task.Run(DecodeAsync);
    }

    public void Pump(LiveSession session, Timestamp now)
    {
        session.ForgetUnitsBefore((ulong)Interlocked.Read(ref _firstMissing));
        if (_failure is { } failure)
        {
            session.Close(failure.Code, now, failure.Message);
        }
        else if (_linkEnded)
        {
            session.Close(LinkErrorCode.Closed, now);
        }
        else if (_complete || (_isOneWay && _total is not null))
        {
            // The sender closes once it knows; if its last word is lost, this end does not wait for ever. Nor does it for
            // messages that nobody will send again.
            _linger.Update(session.Statistics, now);
            if (_linger.DueAt <= now)
            {
                session.Close(LinkErrorCode.Closed, now);
            }
        }
    }

    /// <summary>When <see cref="Pump"/> has something to do without any event.</summary>
    public Timestamp NextDeadline => _linger.DueAt;

    public void OnEvent(in SessionEvent e)
    {
        switch (e.Kind)
        {
            case SessionEventKind.UnitReceived:
                TakeUnit(e.Payload!.Memory.ToArray());
                break;
            case SessionEventKind.ControlReceived when Controls.Count < 16:
                Controls.Add(e.Payload!.Memory.ToArray());
                break;
            case SessionEventKind.PeerEnded:
                _total = e.TotalMessages;
                _frames.Writer.TryWrite(default); // Nothing to decode, but the end may be reached by it.
                break;
            case SessionEventKind.Closed:
                Closing = e;
                _frames.Writer.TryComplete();
                break;
        }

        e.Payload?.Dispose();
    }

    public void OnPeerRestart(LiveSession session, Timestamp now) =>
        session.Close(_complete ? LinkErrorCode.Closed : LinkErrorCode.Canceled, now, _complete ? "" : "the peer started anew");

    public void OnLinkEnd()
    {
        _linkEnded = true;
    }

    /// <summary>Waits until everything that came is decoded and the output is complete.</summary>
    public async Task FinishAsync()
    {
        _frames.Writer.TryComplete();
        await _decoding.ConfigureAwait(false);
    }

    /// <summary>Gives up what is not given out, whoever waits for it.</summary>
    public void Abort() => _stop.Cancel();

    public void Dispose()
    {
        _context?.Dispose();
        _stop.Dispose();
    }

    private void TakeUnit(ReadOnlyMemory<byte> unit)
    {
        List<ReceivedFrame> frames = [];
        if (!ReceivedFrame.TryParse(unit, frames))
        {
            Fail(LinkErrorCode.Malformed, "A unit from the peer cannot be read.");
            return;
        }

        _counters.AddUnit(frames.Sum(frame => (long)frame.Payload.Length));
        foreach (ReceivedFrame frame in frames)
        {
            Interlocked.Add(ref _waitingBytes, frame.Payload.Length);
            _frames.Writer.TryWrite(frame);
        }
    }

    private void Fail(LinkErrorCode code, string text)
    {
        _failure ??= new LinkException(code, text);
        RefusedFrames++;
    }

    private async Task DecodeAsync()
    {
        Exception? error = null;
        try
        {
            while (_failure is null && await _frames.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                await DecodeBatchAsync().ConfigureAwait(false);
            }

            Missing = _assembler.Finish(_total);
            while (_assembler.TryTake(out ReceivedMessage message))
            {
                _whole.Enqueue(message);
            }

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
            _failure ??= new LinkException(LinkErrorCode.Canceled, "The receiver gave up.", e);
        }

        _output.Writer.TryComplete(error);
        _wakeDriver();
    }

    private async Task DecodeBatchAsync()
    {
        List<ReceivedFrame> batch = [];
        long bytes = 0;
        while (batch.Count < MaxBatchFrames && _frames.Reader.TryRead(out ReceivedFrame frame))
        {
            bytes += frame.Payload.Length;
            if (!frame.Equals(default))
            {
                batch.Add(frame);
            }
        }

        int at = 0;
        while (at < batch.Count && _failure is null)
        {
            (List<ReceivedFrame> frames, List<StreamContext?> contexts) = TakeDecodable(batch, ref at);
            foreach (DecodedFrame decoded in await _codec.DecodeAsync(new DecodingBatch(frames, contexts, _maxExpansion), _stop.Token, _counters.AddCoded).ConfigureAwait(false))
            {
                LinkErrorCode code = decoded.Error == LinkErrorCode.None ? _assembler.Add(decoded) : decoded.Error;
                if (code != LinkErrorCode.None)
                {
                    Fail(code, Explain(code));
                }
            }

            _context?.Recycle();
            while (_assembler.TryTake(out ReceivedMessage message))
            {
                _context?.Add(message);
                _whole.Enqueue(message);
            }
        }

        Interlocked.Exchange(ref _firstMissing, (long)_assembler.FirstMissing);
        Interlocked.Add(ref _waitingBytes, -bytes);
        _complete |= _total is { } total && _assembler.Completed == total;
        _wakeDriver();
        await GiveOutAsync().ConfigureAwait(false);
    }

    // The next frames whose contexts are there: what a frame leans on came before it, but perhaps in this very batch, and then its turn comes once that is decoded.
    private (List<ReceivedFrame> Frames, List<StreamContext?> Contexts) TakeDecodable(List<ReceivedFrame> batch, ref int at)
    {
        List<ReceivedFrame> frames = [];
        List<StreamContext?> contexts = [];
        HashSet<ulong> bases = [];
        for (; at < batch.Count && _failure is null; at++)
        {
            ReceivedFrame frame = batch[at];
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

    private async Task GiveOutAsync()
    {
        while (_whole.TryDequeue(out ReceivedMessage message))
        {
            _counters.AddMessage(message.Content.Length);
            await _output.Writer.WriteAsync(message, _stop.Token).ConfigureAwait(false);
        }
    }

    private static string Explain(LinkErrorCode code) => code switch
    {
        LinkErrorCode.ModelDivergence => "A segment decoded to something else than was sent: the models of both ends diverge.",
        LinkErrorCode.LimitExceeded => "The peer sends a message that is larger, or a frame that stands for more content, than this end allows (MaxMessageSize, MaxExpansion).",
        _ => "The peer sends frames that break the protocol.",
    };
}
