using System.IO.Pipelines;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Snapshots;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;

namespace LinkCodec;

/// <summary>The receiving end of a link: waits for a sender, and gives its messages out exactly as they were sent.</summary>
/// <remarks>
/// Serves one session. If that falls silent and its sender, or a successor with the same key, asks for another, the messages of the new
/// one follow; a session whose sender still answers is not disturbed. Holds the sender back while its caller does not take messages.
/// Errors end the stream of messages with one <see cref="LinkException"/>.
/// </remarks>
public sealed class LinkReceiver : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly IDatagramTransport _transport;
    private readonly LinkSnapshots? _ownSnapshots;
    private readonly LinkSnapshots _snapshots;
    private readonly LinkCounters _counters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkDriver _driver;
    private readonly AcceptNotices _notices;
    private readonly Channel<ReceivePipeline> _pipelines = Channel.CreateUnbounded<ReceivePipeline>();
    private readonly List<(ulong First, ulong Count)> _missing = [];
    private ReceivePipeline? _pipeline; // Of the session that runs.
    private ReceivePipeline? _reading; // Whose messages are being given out.
    private MessageCodec? _codec;
    private LiveSession? _session;
    private HandshakeOptions? _handshake;
    private HandshakeResponder? _responder;
    private ulong _first; // Number of the first message of the session whose messages are being given out.
    private ulong _next;
    private Task _driving = Task.CompletedTask;
    private bool _disposed;
    private string _ending = ""; // What the peer is told if the link is disposed of before its end.

    private LinkReceiver(LinkOptions options, IDatagramTransport transport, LinkSnapshots? own, LinkSnapshots snapshots)
    {
        (_options, _transport, _ownSnapshots, _snapshots) = (options, transport, own, snapshots);
        _driver = new LinkDriver(transport, options.TimeProvider);
        _notices = new AcceptNotices(options.TimeProvider);
    }

    /// <summary>Where it listens: with the port that the system chose, if it was asked to.</summary>
    public LinkEndpoint Endpoint { get; private init; } = null!;

    /// <summary>The snapshot that both ends agreed on; null before <see cref="AcceptAsync"/>.</summary>
    public Snapshot? Snapshot { get; private set; }

    /// <summary>The counters as of now.</summary>
    public LinkStatistics Statistics => _counters.Snapshot(_driver);

    /// <summary>The counters twice a second, from subscription to the end of the link.</summary>
    public IObservable<LinkStatistics> Progress => Observable.Interval(TimeSpan.FromMilliseconds(500))
        .Select(_ => Statistics)
        .TakeUntil(_ => _disposed || (_pipeline is not null && _driving.IsCompleted));

    /// <summary>What the sender said of the stream that its messages came from; null when it said nothing.</summary>
    public StreamLayout? Layout => (_reading ?? _pipeline)?.Layout is { } layout ? layout with { OpenTail = layout.OpenTail + _first } : null;

    /// <summary>Messages lost for good, as ranges of numbers; known when <see cref="ReceiveAsync"/> has ended.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing => _missing;

    /// <summary>Messages that the sender sent in all, counted from the first session; null when it did not say.</summary>
    public ulong? TotalMessages => _pipeline?.Total + _first;

    /// <summary>What a file link had to skip; null for other links.</summary>
    public FileReadReport? FileReport => (_transport as FileTransportReader)?.Report;

    /// <summary>Opens the transport and loads the snapshots.</summary>
    /// <param name="at">Where: <c>udp://host:port</c> or <c>file:PATH</c>.</param>
    /// <param name="options">What both ends must know.</param>
    /// <param name="snapshots">Loaded snapshots to share, or null to load those that the options name; of a file, the one that it names, where that is installed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LinkException">A bad snapshot, or a transport that cannot be opened.</exception>
    public static async Task<LinkReceiver> ListenAsync(
        LinkEndpoint at, LinkOptions options, LinkSnapshots? snapshots = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(options);
        LinkSnapshots? own = snapshots is null && at.Scheme != LinkScheme.File ? LinkSnapshots.Load(options.Snapshots, options.Device) : null;
        IDatagramTransport? transport = null;
        try
        {
            (transport, LinkEndpoint endpoint) = await LinkTransports.ListenAsync(at, options, cancellationToken).ConfigureAwait(false);
            if (snapshots is null && transport is FileTransportReader file)
            {
                own = await FileSnapshot.LoadAsync(file, options, cancellationToken).ConfigureAwait(false);
            }

            return new LinkReceiver(options, transport, own, snapshots ?? own!) { Endpoint = endpoint };
        }
        catch
        {
            own?.Dispose();
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Waits for the sender, makes the handshake, and waits for its first segment. <see cref="ReceiveAsync"/> does it if it was not called.</summary>
    /// <param name="onNotice">Told in one line of what a person should know, now and until the end: senders that were refused, handshakes that
    /// do not fit, a session that another replaces. Whatever strangers cause is told once in ten seconds at most. Null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="LinkException">A one-way link ended without anything that this end can open.</exception>
    public async Task AcceptAsync(Action<string>? onNotice = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pipeline is not null)
        {
            return;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        _notices.Tell = onNotice;
        bool twoWay = _transport.HasReturnPath && _options.HasReturnPath;
        LinkOptions complete = twoWay ? _options : OpenKeys.Complete(_options, sender: false);
        _handshake ??= complete.ToHandshake(_snapshots.Offers(), twoWay);
        if (twoWay)
        {
            _responder ??= new HandshakeResponder(_handshake);
            TimeSpan roundTrip = 2 * (_options.OneWayDelay + _options.Rate.TimeFor(2L * _options.MaxDatagramSize));
            Start(await _driver.AcceptAsync(_responder, keys => Create(keys, twoWay), roundTrip, _notices, stop.Token).ConfigureAwait(false), twoWay);
        }
        else
        {
            Start(await AcceptOneWayAsync(_handshake, stop.Token).ConfigureAwait(false), twoWay);
        }

        _driving = Task.Run(() => DriveAsync(twoWay));
    }

    /// <summary>The messages, from the first to the last; ends when the sender is done or a one-way link ends.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LinkException">The link failed: what was given out before is right all the same.</exception>
    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await AcceptAsync(null, cancellationToken).ConfigureAwait(false);
        while (_reading is not null || await _pipelines.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_reading is null)
            {
                _reading = await _pipelines.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                _first = _next; // Numbers go on, so that nothing that is named by them is overwritten.
            }

            ReceivePipeline pipeline = _reading;
            await foreach (ReceivedMessage message in pipeline.Messages.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                _next = Math.Max(_next, _first + message.Number + 1);
                yield return message with { Number = _first + message.Number };
            }

            pipeline.Confirm();
            _missing.AddRange(pipeline.Missing.Select(range => (_first + range.First, range.Count)));
            _next = Math.Max(_next, _missing.Count == 0 ? 0 : _missing[^1].First + _missing[^1].Count);
            _reading = null;
        }

        await _driving.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_pipeline!.Closing is { } closing && closing.Error != LinkErrorCode.Closed)
        {
            throw new LinkException(closing.Error, SessionClosing.Describe(closing));
        }
    }

    /// <summary>Restores the stream that <see cref="LinkSender.SendAllAsync"/> sent: writes each message out as soon as it is there, its terminator with it.</summary>
    /// <param name="output">Where the bytes go; completing it is left to the caller. The sender is told that a message was used once it was flushed there.</param>
    /// <param name="format">How the messages are to stand, or null to take the sender's word.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LinkException">The link failed: what was written before is right all the same.</exception>
    /// <exception cref="IOException">The output failed; the sender is told so when this receiver is disposed.</exception>
    public async Task ReceiveAllAsync(PipeWriter output, MessageFormat? format = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        await AcceptAsync(null, cancellationToken).ConfigureAwait(false);
        StreamRestorer restorer = new(output, format ?? await WaitForFormatAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await foreach (ReceivedMessage message in ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                await restorer.WriteAsync(message, Layout, flush: _reading!.Messages.Count == 0, cancellationToken).ConfigureAwait(false);
            }

            await restorer.CompleteAsync(Layout, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            _ending = "What was received cannot be written.";
            throw;
        }
    }

    /// <summary>Ends the link at once, because what was received cannot be used, and tells the peer so.</summary>
    /// <param name="reason">A line for a person at the other end; cut after 64 bytes.</param>
    public ValueTask AbortAsync(string reason)
    {
        _ending = reason;
        return DisposeAsync();
    }

    /// <summary>Ends the link at once and tells the peer if it can be told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _pipeline?.Abort(); // Before the driver ends: what was not given out is an error, not an end. And it may be waiting for a caller that takes no more.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pipeline?.Dispose();
        _session?.Dispose();
        _driver.Forget();
        _responder?.Dispose();
        CryptographicOperations.ZeroMemory(_handshake?.Psk);
        _codec?.Dispose();
        _ownSnapshots?.Dispose();
        _stop.Dispose();
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    // The layout leaves before the first message, but its datagram may be lost: then it comes again, where there is a way back.
    private async Task<MessageFormat> WaitForFormatAsync(CancellationToken cancellationToken)
    {
        await _pipeline!.Messages.WaitToTakeAsync(cancellationToken).ConfigureAwait(false);
        Task wait = Task.Delay((4 * _options.OneWayDelay) + TimeSpan.FromSeconds(3), _options.TimeProvider, cancellationToken);
        await Task.WhenAny(_pipeline.LayoutKnown, wait).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Layout?.Format ?? MessageFormat.Lines;
    }

    private LiveSession Create(EstablishedKeys keys, bool twoWay) => new(_options.ToSession(twoWay), keys, _driver.Now);

    private void Start(AcceptedSession accepted, bool twoWay)
    {
        _session = accepted.Session;
        Snapshot = _snapshots.All[accepted.SnapshotIndex];
        _codec = new MessageCodec(Snapshot.Predictor, _session.MaxUnitSize, _options.Threads);
        bool chained = (_transport as FileTransportReader)?.MayChain ?? false;
        _pipeline = new ReceivePipeline(_codec, twoWay || chained ? ReceiverContext.For(Snapshot.Predictor) : null, _options, twoWay, _counters);
        _pipeline.Start(_driver.Wake);
        _pipelines.Writer.TryWrite(_pipeline);
    }

    private async Task<AcceptedSession> AcceptOneWayAsync(HandshakeOptions handshake, CancellationToken cancellationToken)
    {
        AcceptNoticesOfFile notices = new(_notices, _transport.HasReturnPath);
        return await _driver.AcceptOneWayAsync(new OneWayReceiver(handshake), keys => Create(keys, twoWay: false), notices, cancellationToken).ConfigureAwait(false)
            ?? throw (notices.Refused is { } failure
                ? new LinkException(failure.Code, failure.Message)
                : new LinkException(
                    LinkErrorCode.AuthenticationFailed, "The link ended without an opening that these keys fit: other keys, or its beginning is damaged."));
    }

    private async Task DriveAsync(bool twoWay)
    {
        try
        {
            while (await _driver.RunAsync(_session!, _pipeline!, _stop.Token).ConfigureAwait(false) is { } successor)
            {
                await _pipeline!.FinishAsync().ConfigureAwait(false);
                _notices.OnReplaced(_pipeline.Missing.Aggregate(0UL, (sum, range) => sum + range.Count));
                _counters.AddEarlier(_session!.Statistics);
                _session.Dispose();
                _pipeline.Dispose();
                _codec!.Dispose();
                Start(successor, twoWay);
            }
        }
        catch (OperationCanceledException)
        {
            await SessionClosing.SayAsync(_session!, _transport, _driver.Now, LinkErrorCode.Canceled, _ending).ConfigureAwait(false);
        }
        finally
        {
            await _pipeline!.FinishAsync().ConfigureAwait(false);
            _pipelines.Writer.TryComplete();
        }
    }
}
