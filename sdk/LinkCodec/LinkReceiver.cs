using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Media;
using LinkCodec.State;
using LinkCodec.Streams;
using LinkCodec.Transport.Driving;

namespace LinkCodec;

/// <summary>One session of a listener: gives its sender's messages out exactly as they were sent.</summary>
/// <remarks>
/// Holds the sender back while its caller does not take messages. Errors end the stream of messages with one exception.
/// </remarks>
public sealed class LinkReceiver : IAsyncDisposable
{
    // At most this many messages leave the endpoint at once: each time costs a look at all sessions.
    private const int MaxTaken = 1024;
    private const int MaxTakenBytes = 64 << 10;

    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromMilliseconds(250);

    private static readonly object Complete = new();

    private readonly LinkListener _listener;
    private readonly ReceiverEndpoint _endpoint;
    private readonly Queue<ReceivedMessage> _taken = new();
    private readonly Queue<IncompleteMessage> _incomplete = new();
    private readonly DelayMeter _delay = new();
    private StreamLayout? _layout;
    private long _spared; // Bytes by which messages are longer as they came than as they are given out.
    private byte[]? _layoutControl;
    private byte[]? _control; // As of when messages were taken last: what is said of a message comes before it.
    private ReceivedQueue? _queue; // With a state folder, once the sender has said which one it sends.
    private bool _isQueueOpen;
    private ulong _handedOut; // Messages of the session.
    private bool _isFinished;
    private bool _disposed;

    internal LinkReceiver(LinkListener listener, ReceiverEndpoint endpoint)
    {
        (_listener, _endpoint) = (listener, endpoint);
        Snapshot = listener.Parts.Snapshots.All[endpoint.SnapshotIndex];
        SenderKey = endpoint.PeerKey is { } key ? new LinkPublicKey(key) : null;
    }

    /// <summary>The snapshot that both ends agreed on.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>The sender's key; null where the pattern has none.</summary>
    public LinkPublicKey? SenderKey { get; }

    /// <summary>The counters as of now.</summary>
    public LinkStatistics Statistics => Run.With(_ => LinkStatistics.Of(
        _endpoint.Messages.Counters, _endpoint.Statistics, _listener.HandshakeBytes,
        _listener.Parts.Coding.PredictedBytes, _spared));

    /// <summary>The counters twice a second, from subscription to the end of the session.</summary>
    public IObservable<LinkStatistics> Progress => LinkStatistics.Sample(
        () => Statistics, () => _disposed || Run.Completion.IsCompleted || Run.With(_ => _endpoint.IsOver));

    /// <summary>
    /// Called, with a state folder, before messages that were given out are noted as delivered: makes durable what came
    /// of them, and returns a checkpoint that is stored with that note, in one piece
    /// (<see cref="LinkListener.Checkpoint"/>). By then <see cref="ReceiveAllAsync"/> has flushed its output. Null
    /// (default) for nothing to do. To be set before messages are taken.
    /// </summary>
    public Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>>? Settle { get; set; }

    /// <summary>
    /// The layout of the stream that the sender's messages come from, as the sender told it; null when it told nothing.
    /// </summary>
    public StreamLayout? Layout
    {
        get
        {
            Run.With(_ => _control = _endpoint.Control);
            return LayoutOf(_control);
        }
    }

    /// <summary>How long live sound took that <see cref="ReceiveAllAsync"/> has written; null where the messages are
    /// none, or their sender has not said when they began.</summary>
    public LinkDelay? Delay => _delay.Result;

    /// <summary>
    /// Messages lost for good, as ranges of numbers; known when <see cref="ReceiveAsync"/> has ended.
    /// </summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing => _endpoint.Messages.Missing;

    /// <summary>Messages that the sender sent in all; null while it has not said so.</summary>
    public ulong? TotalMessages => Run.With(_ => _endpoint.Messages.Total);

    private EndpointRun Run => _listener.Run;

    /// <summary>
    /// The messages, from the first to the last; ends when the sender is done or a one-way link ends.
    /// </summary>
    /// <remarks>
    /// With a state folder, the messages have the numbers of the sender's queue, and those that were delivered do not
    /// come again, whatever process dies. A message is delivered when the next one is asked for, which is stored for
    /// some at a time, or at once by <see cref="AcknowledgeAsync"/>: what was asked for and not stored comes again.
    /// </remarks>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LinkException">The link failed: what was given out before is right all the same.</exception>
    /// <exception cref="LinkReplacedException">The session fell silent, and its sender has another one.</exception>
    /// <exception cref="LinkCodingException">Decoding failed on this machine.</exception>
    /// <exception cref="LinkStateException">What was delivered cannot be stored, as on a full disk.</exception>
    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TimeProvider time = _listener.Options.TimeProvider;
        long settledAt = time.GetTimestamp();
        await foreach (ReceivedMessage message in ReceiveEachAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return message with { Number = message.Number + (_queue?.First ?? 0) };

            // The next one was asked for. A slow application, killed before it has used all that was taken, would
            // otherwise begin again each time.
            if (time.GetElapsedTime(settledAt) > LongestUnsettled)
            {
                await AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
                settledAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>
    /// Notes durably that every message that was given out is delivered, the present one too. Without a state folder,
    /// nothing is to be noted.
    /// </summary>
    /// <param name="cancellationToken">Abandons what the application settles.</param>
    /// <exception cref="LinkReplacedException">The sender has another session by now, in which the messages come
    /// again.</exception>
    /// <exception cref="LinkStateException">It cannot be stored, as on a full disk.</exception>
    public ValueTask AcknowledgeAsync(CancellationToken cancellationToken = default) =>
        _queue?.SettleAsync(_handedOut, Settle, _layout?.EarlierTails is not null, cancellationToken)
            ?? ValueTask.CompletedTask;

    private async IAsyncEnumerable<ReceivedMessage> ReceiveEachAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await OpenQueueAsync(cancellationToken).ConfigureAwait(false);
        while (await Run.WhenAsync(Take, cancellationToken).ConfigureAwait(false) == _taken)
        {
            while (_taken.TryDequeue(out ReceivedMessage message))
            {
                if (message.Number < (_queue?.Known ?? 0))
                {
                    continue; // It was delivered in an earlier session. spec 4.8-7
                }

                ReadOnlyMemory<byte> content = MediaMessage.Restore(message.Content);
                _spared += message.Content.Length - content.Length;
                _handedOut = message.Number + 1;
                yield return message with { Content = content };
            }

            TellOfIncomplete();
            _queue?.SaveBegun();
            await AcknowledgeAsync(cancellationToken).ConfigureAwait(false);
        }

        // Every message was used, as far as its caller has not left: the sender may be told.
        Run.Do(now => _endpoint.Confirm(now));
        await Run.WhenAsync(_ => _endpoint.IsOver || Run.Completion.IsCompleted ? Complete : null, cancellationToken)
            .ConfigureAwait(false);
        ThrowIfFailed();
        _isFinished = true;
    }

    /// <summary>
    /// Restores the stream that <see cref="LinkSender.SendAllAsync"/> sent: writes each message out as soon as it is
    /// there, its terminator with it.
    /// </summary>
    /// <param name="output">The writer that the bytes go to; completing it is left to the caller. The sender is told
    /// that a message was used once it was flushed there.</param>
    /// <param name="format">The form in which the messages are to stand, or null to take the sender's word.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LinkException">The link failed: what was written before is right all the same.</exception>
    /// <exception cref="LinkReplacedException">The session fell silent, and its sender has another one.</exception>
    /// <exception cref="IOException">The output failed; the sender is told so.</exception>
    /// <exception cref="LinkStateException">What was delivered cannot be stored, as on a full disk.</exception>
    public async Task ReceiveAllAsync(PipeWriter output, MessageFormat? format = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await OpenQueueAsync(cancellationToken).ConfigureAwait(false);
        StreamRestorer restorer = new(output,
            format ?? await WaitForFormatAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await foreach (ReceivedMessage message in ReceiveEachAsync(cancellationToken).ConfigureAwait(false))
            {
                // With a state folder, what was taken is settled before more is.
                bool isLast = _taken.Count == 0
                    && (_queue is not null || Run.With(_ => _endpoint.Messages.Waiting == 0));
                await restorer.WriteAsync(message, LayoutOf(_control), flush: isLast, cancellationToken)
                    .ConfigureAwait(false);
                _delay.Add(message.Number, LayoutOf(_control)?.Clock, _listener.Options.TimeProvider.GetUtcNow());
            }

            await restorer.CompleteAsync(Layout, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            await AbortAsync("What was received cannot be written.").ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the session, because what was received cannot be used, and tells the sender so.</summary>
    /// <param name="reason">A line for a person at the other end; cut after 64 bytes.</param>
    public ValueTask AbortAsync(string reason)
    {
        if (!_disposed && !_isFinished)
        {
            Run.Do(now => _endpoint.Abort(now, reason, stays: true));
        }

        _disposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the session, if it has not ended, and tells the sender so.</summary>
    public ValueTask DisposeAsync() => AbortAsync("");

    private async Task OpenQueueAsync(CancellationToken cancellationToken)
    {
        if (!_isQueueOpen)
        {
            _queue = await ReceivedQueue.OpenAsync(_listener, _endpoint, cancellationToken).ConfigureAwait(false);
            _isQueueOpen = true;
        }
    }

    // Null while nothing is there; what was taken, a few at a time, or that nothing comes any more.
    private object? Take(Timestamp now)
    {
        int bytes = 0;
        while (_taken.Count < MaxTaken && bytes < MaxTakenBytes
            && _endpoint.Messages.TryTake(out ReceivedMessage message))
        {
            bytes += message.Content.Length;
            _taken.Enqueue(message);
        }

        if (_incomplete.Count == 0 && _endpoint.Messages.TryTakeIncomplete(out IncompleteMessage incomplete))
        {
            _incomplete.Enqueue(incomplete);
        }

        if (_control != _endpoint.Control)
        {
            _control = _endpoint.Control;
            ReceivedQueue.RequireNone(_listener, _endpoint);
        }

        return _taken.Count + _incomplete.Count > 0 || _queue?.HasMore == true ? _taken
            : _endpoint.Messages.IsComplete ? Complete
            : null;
    }

    private void TellOfIncomplete()
    {
        while (_incomplete.TryDequeue(out IncompleteMessage message))
        {
            if (IncompleteMedia.Of(message, _listener.Options.MaxMessageSize) is { } media)
            {
                _listener.Options.OnIncomplete?.Invoke(media);
            }
        }
    }

    private StreamLayout? LayoutOf(byte[]? control)
    {
        if (control is not null && control != _layoutControl)
        {
            (_layoutControl, _layout) = (control, StreamLayout.FromControl(control) ?? _layout);
        }

        return _layout;
    }

    private void ThrowIfFailed()
    {
        if (_endpoint.IsSuperseded)
        {
            throw new LinkReplacedException(
                _endpoint.Messages.Missing.Aggregate(0UL, (sum, range) => sum + range.Count));
        }

        if (_endpoint.Messages.Failure is { } failure)
        {
            throw LinkCodingException.Of(failure);
        }

        if (_endpoint.Messages.Error != LinkErrorCode.None)
        {
            throw new LinkException(_endpoint.Messages.Error, _endpoint.Messages.ErrorText);
        }

        if (_endpoint.Closing is { } closing && closing.Error != LinkErrorCode.Closed)
        {
            throw SessionEnding.ToException(closing);
        }
    }

    // The layout leaves before the first message, but its datagram may be lost: then it comes again, where there is a
    // way back.
    private async Task<MessageFormat> WaitForFormatAsync(CancellationToken cancellationToken)
    {
        await Run.WhenAsync(
            // A queue's first word, which has come by now, says it.
            _ => _queue is not null || _endpoint.Messages.Waiting > 0 || _endpoint.Messages.IsComplete
                ? Complete
                : null,
            cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TimeSpan patience = (4 * _listener.Options.OneWayDelay) + TimeSpan.FromSeconds(3);
        Task late = Task.Delay(patience, _listener.Options.TimeProvider, wait.Token);
        Task known = Run.WhenAsync(
            _ => _endpoint.Control is not null || _endpoint.Messages.IsComplete ? Complete : null, wait.Token).AsTask();
        await Task.WhenAny(known, late).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Layout?.Format ?? MessageFormat.Lines;
    }
}
