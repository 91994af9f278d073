using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Snapshots;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;

namespace LinkCodec;

/// <summary>The receiving end of a link: waits for a sender, and gives its messages out exactly as they were sent.</summary>
/// <remarks>Serves one session. Holds the sender back while its caller does not take messages. Errors end the stream of messages with one <see cref="LinkException"/>.</remarks>
public sealed class LinkReceiver : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly IDatagramTransport _transport;
    private readonly LinkSnapshots? _ownSnapshots;
    private readonly LinkSnapshots _snapshots;
    private readonly LinkCounters _counters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LinkDriver _driver;
    private ReceivePipeline? _pipeline;
    private MessageCodec? _codec;
    private LiveSession? _session;
    private HandshakeResponder? _responder;
    private byte[]? _psk;
    private Task _driving = Task.CompletedTask;
    private bool _disposed;

    private LinkReceiver(LinkOptions options, IDatagramTransport transport, LinkSnapshots? own, LinkSnapshots snapshots)
    {
        (_options, _transport, _ownSnapshots, _snapshots) = (options, transport, own, snapshots);
        _driver = new LinkDriver(transport, options.TimeProvider);
    }

    /// <summary>Where it listens: with the port that the system chose, if it was asked to.</summary>
    public LinkEndpoint Endpoint { get; private init; } = null!;

    /// <summary>The snapshot that both ends agreed on; null before <see cref="AcceptAsync"/>.</summary>
    public Snapshot? Snapshot { get; private set; }

    /// <summary>The counters as of now.</summary>
    public LinkStatistics Statistics => _counters.Snapshot(_driver.Statistics);

    /// <summary>The counters twice a second, from subscription to the end of the link.</summary>
    public IObservable<LinkStatistics> Progress => Observable.Interval(TimeSpan.FromMilliseconds(500))
        .Select(_ => Statistics)
        .TakeUntil(_ => _disposed || (_pipeline is not null && _driving.IsCompleted));

    /// <summary>What the sender said of the stream that its messages came from; null when it said nothing.</summary>
    public StreamLayout? Layout => _pipeline?.Controls.Select(StreamLayout.FromControl).LastOrDefault(layout => layout is not null);

    /// <summary>Messages lost for good, as ranges of numbers; known when <see cref="ReceiveAsync"/> has ended.</summary>
    public IReadOnlyList<(ulong First, ulong Count)> Missing => _pipeline?.Missing ?? [];

    /// <summary>Messages that the sender sent in all; null when it did not say.</summary>
    public ulong? TotalMessages => _pipeline?.Total;

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
    /// <param name="onRefused">Told of each peer that was refused, in one line; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="LinkException">A one-way link ended without anything that this end can open.</exception>
    public async Task AcceptAsync(Action<string>? onRefused = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pipeline is not null)
        {
            return;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        bool twoWay = _transport.HasReturnPath && _options.HasReturnPath;
        LinkOptions complete = twoWay ? _options : OpenKeys.Complete(_options, sender: false);
        HandshakeOptions handshake = complete.ToHandshake(_snapshots.Offers(), twoWay);
        _psk = handshake.Psk;
        _responder = twoWay ? new HandshakeResponder(handshake) : null;
        (_session, int snapshot) = twoWay
            ? await _driver.AcceptAsync(_responder!, keys => Start(keys, twoWay), failure => onRefused?.Invoke(failure.Message), stop.Token).ConfigureAwait(false)
            : await AcceptOneWayAsync(handshake, stop.Token).ConfigureAwait(false);
        Snapshot = _snapshots.All[snapshot];
        _codec = new MessageCodec(Snapshot.Predictor, _session.MaxUnitSize, _options.Threads);
        _counters.AddHandshake(_driver.HandshakeBytesSent, _driver.HandshakeBytesReceived);
        bool chained = (_transport as FileTransportReader)?.MayChain ?? false;
        _pipeline = new ReceivePipeline(_codec, twoWay || chained ? ReceiverContext.For(Snapshot.Predictor) : null, _options, twoWay, _counters);
        _pipeline.Start(_driver.Wake);
        _driving = Task.Run(DriveAsync);
    }

    /// <summary>The messages, from the first to the last; ends when the sender is done or a one-way link ends.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LinkException">The link failed: what was given out before is right all the same.</exception>
    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await AcceptAsync(null, cancellationToken).ConfigureAwait(false);
        await foreach (ReceivedMessage message in _pipeline!.Messages.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return message;
        }

        await _driving.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_pipeline.Closing is { } closing && closing.Error != LinkErrorCode.Closed)
        {
            throw new LinkException(closing.Error, SessionClosing.Describe(closing));
        }
    }

    /// <summary>Ends the link at once and tells the peer if it can be told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        _pipeline?.Abort(); // The driver may be waiting for a caller that takes no more messages.
        await _driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_pipeline is not null)
        {
            _pipeline.Dispose();
        }

        _session?.Dispose();
        _responder?.Dispose();
        CryptographicOperations.ZeroMemory(_psk);
        _codec?.Dispose();
        _ownSnapshots?.Dispose();
        _stop.Dispose();
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    private LiveSession Start(EstablishedKeys keys, bool twoWay) => LiveSession.Create(_options.ToSession(twoWay), keys, _driver.Now);

    private async Task<(LiveSession Session, int SnapshotIndex)> AcceptOneWayAsync(HandshakeOptions handshake, CancellationToken cancellationToken)
    {
        switch (await _driver.AcceptOneWayAsync(new OneWayReceiver(handshake), cancellationToken).ConfigureAwait(false))
        {
            case EstablishedKeys keys:
                using (keys)
                {
                    return (Start(keys, twoWay: false), keys.SnapshotIndex);
                }

            case HandshakeFailure failure:
                throw new LinkException(failure.Code, failure.Message);
            default:
                throw new LinkException(
                    LinkErrorCode.AuthenticationFailed, "The link ended without an opening that these keys fit: other keys, or its beginning is damaged.");
        }
    }

    private async Task DriveAsync()
    {
        try
        {
            await _driver.RunAsync(_session!, _pipeline!, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await SessionClosing.SayAsync(_session!, _transport, _driver.Now, LinkErrorCode.Canceled).ConfigureAwait(false);
        }
        finally
        {
            await _pipeline!.FinishAsync().ConfigureAwait(false);
        }
    }
}
