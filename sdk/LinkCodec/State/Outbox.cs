using System.IO.Pipelines;
using LinkCodec.Codec;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Streams;

namespace LinkCodec.State;

/// <summary>
/// A sender's durable queue at work: messages are stored, and sent in one session after the other until all are
/// delivered.
/// </summary>
internal sealed class Outbox : IAsyncDisposable
{
    // After which a transport that cannot be opened, or a receiver that is busy, is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SenderState _state;
    private readonly Func<CancellationToken, Task<SenderSession>> _connect;
    private readonly Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> _carry;
    private readonly LinkOptions _options;
    private readonly Action<SenderSession> _onSession;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _over = new(); // Nobody waits for room once the link is over.
    private SessionRun? _run; // The present one.

    /// <param name="state">The queue; the outbox disposes of it.</param>
    /// <param name="first">The first attempt at a session; null to make it.</param>
    /// <param name="connect">Makes a session.</param>
    /// <param name="onSession">Told of each session, in place of the one before; it is the caller's until then.</param>
    /// <param name="carry">Brings a message into the form in which it crosses the link.</param>
    /// <param name="options">The link's options.</param>
    public Outbox(SenderState state, SenderAttempt? first, Func<CancellationToken, Task<SenderSession>> connect,
        Action<SenderSession> onSession, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> carry, LinkOptions options)
    {
        (_state, _connect, _onSession, _carry, _options) = (state, connect, onSession, carry, options);
        Completion = Task.Run(async () =>
        {
            try
            {
                await RunAsync(first).ConfigureAwait(false);
            }
            finally
            {
                await _over.CancelAsync().ConfigureAwait(false);
            }
        });
    }

    /// <summary>Completes when all is delivered and no message follows, or with what ended the work.</summary>
    public Task Completion { get; }

    /// <summary>How far the messages have come.</summary>
    public LinkReceipts Receipts => new(_state.Stored, Math.Max(Volatile.Read(ref _run)?.Sent ?? 0, _state.Delivered),
        _state.Delivered);

    /// <summary>Begins the first attempt at a session; null where it is to be made again later.</summary>
    /// <inheritdoc cref="SenderAttempt.BeginAsync"/>
    public static async Task<SenderAttempt?> BeginAsync(LinkEndpoint to, LinkOptions options, LinkSnapshots snapshots,
        SenderState state, CancellationToken cancellationToken)
    {
        try
        {
            return await SenderAttempt.BeginAsync(to, options, snapshots, state.Resumptions, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (LinkException e) when (MayCome(e, options))
        {
            return null;
        }
    }

    /// <summary>Waits until there is a session.</summary>
    public async Task WhenConnectedAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_connected.Task, Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        await (_connected.Task.IsCompleted ? _connected.Task : Completion).ConfigureAwait(false);
    }

    /// <summary>How far the last input was read.</summary>
    public InputMark Input => _state.Input;

    /// <summary>Stores messages, and waits while there is no room.</summary>
    public async Task StoreAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, InputForm form,
        CancellationToken cancellationToken)
    {
        await ThrowIfOverAsync().ConfigureAwait(false);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken,
            _over.Token);
        try
        {
            await _state.StoreAsync(messages, form, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Completion.ConfigureAwait(false); // Throws why.
            throw new LinkException(LinkErrorCode.Canceled, "The link was completed before the message was queued.");
        }
    }

    /// <summary>Stores a message if there is room at once.</summary>
    /// <exception cref="LinkQueueFullException">There is none.</exception>
    public async Task StoreAtOnceAsync(ReadOnlyMemory<byte> message)
    {
        await ThrowIfOverAsync().ConfigureAwait(false);
        await _state.StoreAtOnceAsync(message).ConfigureAwait(false);
    }

    /// <summary>Stores every message of a stream.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="format">The form in which messages stand in it.</param>
    /// <param name="mark">The stream's beginning as the queue knows it.</param>
    /// <param name="maxMessageSize">Bytes of a message at most.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task ReadAsync(PipeReader input, MessageFormat format, InputMark mark, int maxMessageSize,
        CancellationToken cancellationToken)
    {
        if (mark != _state.Input)
        {
            _state.BeginInput(mark);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken,
            _stop.Token);
        Task reading = StoreEachAsync(input, format, maxMessageSize, stop.Token);
        if (await Task.WhenAny(reading, Completion).ConfigureAwait(false) == Completion && !reading.IsCompleted)
        {
            // The link is over: nobody waits for a message that may come in hours.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Completion.ConfigureAwait(false); // Throws why.
        }

        await reading.ConfigureAwait(false);
    }

    /// <summary>No message follows; waits until all are delivered.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _completing.TrySetResult();
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until so many messages are delivered.</summary>
    public async Task WhenDeliveredAsync(ulong count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = _state.Changed;
            if (_state.Delivered >= count)
            {
                return;
            }

            if (Completion.IsCompleted)
            {
                await Completion.ConfigureAwait(false);
                throw new LinkException(LinkErrorCode.Canceled, "The link was completed before so many messages.");
            }

            await Task.WhenAny(changed, Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _state.Dispose();
        _stop.Dispose();
        _over.Dispose();
    }

    private async Task StoreEachAsync(PipeReader input, MessageFormat format, int maxMessageSize,
        CancellationToken cancellationToken)
    {
        bool isOpen = false;
        await foreach (IReadOnlyList<ReadOnlyMemory<byte>> batch in MessageStreamReader.ReadBatchesAsync(
            input, format, rest => isOpen = rest, maxMessageSize, cancellationToken).ConfigureAwait(false))
        {
            await StoreAsync(batch, QueuedInput.FormOf(format, isOpen), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ThrowIfOverAsync()
    {
        if (Completion.IsCompleted)
        {
            await Completion.ConfigureAwait(false); // Throws why.
        }
    }

    private async Task RunAsync(SenderAttempt? first)
    {
        SenderSession session = await (first?.WhenAgreedAsync(_stop.Token) ?? ConnectAsync()).ConfigureAwait(false);
        _onSession(session);
        _connected.SetResult();
        while (true)
        {
            SessionRun run = new(_state, session, _carry, _completing.Task);
            Volatile.Write(ref _run, run);
            try
            {
                await run.RunAsync(_stop.Token).ConfigureAwait(false);
                await _state.DeliverAllAsync().ConfigureAwait(false);
                return;
            }
            catch (LinkException e) when (e.Code == LinkErrorCode.QueueRefused)
            {
                await _state.RefuseAsync().ConfigureAwait(false);
                throw;
            }
            catch (LinkException) when (IsToBeTriedAgain(session))
            {
                await Task.Delay(IsBusy(session) ? Pause : TimeSpan.Zero, _options.TimeProvider, _stop.Token)
                    .ConfigureAwait(false);

                // The receiver was started anew or is about to be, or was out of reach for very long: what it does not
                // have is sent in another session.
                SenderSession next = await ConnectAsync().ConfigureAwait(false);
                _onSession(next);
                await session.DisposeAsync().ConfigureAwait(false);
                session = next;
            }
        }
    }

    private async Task<SenderSession> ConnectAsync()
    {
        while (true)
        {
            try
            {
                return await _connect(_stop.Token).ConfigureAwait(false);
            }
            catch (LinkException e) when (MayCome(e, _options))
            {
                await Task.Delay(Pause, _options.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    // Whoever waits for a receiver without end waits for the network too.
    private static bool MayCome(LinkException e, LinkOptions options) =>
        e.Code == LinkErrorCode.TransportFailed && WaitsForEver(options);

    private static bool WaitsForEver(LinkOptions options) => options.HandshakeTimeout == Timeout.InfiniteTimeSpan;

    private static bool IsBusy(SenderSession session) =>
        session.Run.With(_ => session.Stream.Closing) is { ByPeer: true, Text: ListenerEndpoint.IsBusyText };

    // Where nobody answers a session that was resumed, nobody would answer another one in the same time.
    private bool IsToBeTriedAgain(SenderSession session) =>
        session.Run.With(_ => session.Stream.Closing) is { } end
        && ((end.Error == LinkErrorCode.TimedOut && (!session.IsUnanswered || WaitsForEver(_options)))
            || (IsBusy(session) && WaitsForEver(_options))
            || end.Text is SenderEndpoint.NotResumed
            || end.Text == (end.ByPeer ? ListenerEndpoint.HasEndedText : SenderEndpoint.ForgottenByReceiver));
}
