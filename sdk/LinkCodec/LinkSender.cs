using System.IO.Pipelines;
using System.Reactive.Linq;
using System.Security.Cryptography;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Snapshots;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;

namespace LinkCodec;

/// <summary>The sending end of a link: takes messages, and carries them to the other end as the options promise.</summary>
/// <remarks>
/// <para>Messages keep their order when <see cref="SendAsync"/> is called one after the other. Everything is bounded: a full queue makes the
/// caller wait. Errors of the link end every call with one <see cref="LinkException"/>, whose first cause wins.</para>
/// <para>Cost: a snapshot in memory (the built-in one about 10 MB), and for each message the model's work on its bytes, once.</para>
/// </remarks>
public sealed class LinkSender : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly IDatagramTransport _transport;
    private readonly LinkSnapshots? _ownSnapshots;
    private readonly MessageCodec _codec;
    private readonly LiveSession _session;
    private readonly LinkDriver _driver;
    private readonly HandshakeInitiator? _initiator;
    private readonly byte[]? _psk;
    private readonly SendPipeline _pipeline;
    private readonly LinkCounters _counters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _driving;
    private bool _disposed;

    private LinkSender(
        LinkOptions options,
        IDatagramTransport transport,
        LinkSnapshots? own,
        Snapshot snapshot,
        LiveSession session,
        LinkDriver driver,
        HandshakeInitiator? initiator,
        byte[]? psk)
    {
        _psk = psk;
        (_options, _transport, _ownSnapshots, Snapshot, _session, _driver, _initiator) = (options, transport, own, snapshot, session, driver, initiator);
        _codec = new MessageCodec(snapshot.Predictor, session.MaxUnitSize, options.Threads);
        _pipeline = new SendPipeline(_codec, session.MaxUnitSize, snapshot.Predictor, options, transport.HasReturnPath && options.HasReturnPath, _counters);
        _pipeline.Start(driver.Wake);
        _driving = Task.Run(DriveAsync);
    }

    /// <summary>The snapshot that both ends agreed on.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Whether messages may start from earlier ones: the options, the link and the snapshot's predictor all have to allow it.</summary>
    public bool UsesContext => _pipeline.UsesContext;

    /// <summary>The counters as of now.</summary>
    public LinkStatistics Statistics => _counters.Snapshot(_driver);

    /// <summary>The counters twice a second, from subscription to the end of the link.</summary>
    public IObservable<LinkStatistics> Progress => Observable.Interval(TimeSpan.FromMilliseconds(500))
        .Select(_ => Statistics)
        .TakeUntil(_ => _driving.IsCompleted);

    /// <summary>Opens the transport, loads the snapshots, makes the handshake.</summary>
    /// <param name="to">Where to: <c>udp://host:port</c> or <c>file:PATH</c>.</param>
    /// <param name="options">What both ends must know.</param>
    /// <param name="snapshots">Loaded snapshots to share, or null to load those that the options name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException"><see cref="ContextMode.Chained"/> on a link that is no file.</exception>
    /// <exception cref="LinkException">No answer, a refusal that names its reason, a bad snapshot, or a transport that cannot be opened.</exception>
    public static async Task<LinkSender> ConnectAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots? snapshots = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Context == ContextMode.Chained && to.Scheme != LinkScheme.File)
        {
            throw new ArgumentException("Messages are chained in files alone: elsewhere they may be lost.", nameof(options));
        }

        LinkSnapshots? own = snapshots is null ? LinkSnapshots.Load(options.Snapshots, options.Device) : null;
        LinkSnapshots all = snapshots ?? own!;
        IDatagramTransport? transport = null;
        HandshakeInitiator? initiator = null;
        byte[]? psk = null;
        try
        {
            transport = await LinkTransports.ConnectAsync(to, options, cancellationToken).ConfigureAwait(false);
            bool twoWay = transport.HasReturnPath && options.HasReturnPath;
            LinkDriver driver = new(transport, options.TimeProvider, receives: twoWay);
            LinkOptions complete = twoWay ? options : OpenKeys.Complete(options, sender: true);
            HandshakeOptions handshake = complete.ToHandshake(all.Offers(), twoWay);
            psk = handshake.Psk;
            initiator = twoWay ? new HandshakeInitiator(handshake) : null;
            using EstablishedKeys keys = twoWay
                ? await ConnectAsync(driver, initiator!, options, cancellationToken).ConfigureAwait(false)
                : await OpenAsync(driver, handshake, transport, cancellationToken).ConfigureAwait(false);
            LiveSession session = new(options.ToSession(twoWay), keys, driver.Now);
            session.Ping(); // The receiver counts a session only once a segment opens in it (spec 2.5-3).
            return new LinkSender(options, transport, own, all.All[keys.SnapshotIndex], session, driver, initiator, psk);
        }
        catch
        {
            initiator?.Dispose();
            CryptographicOperations.ZeroMemory(psk);
            own?.Dispose();
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Queues one message; waits while the queue is full.</summary>
    /// <param name="message">Its bytes; must not change until it is sent. At most <see cref="LinkOptions.MaxMessageSize"/>.</param>
    /// <param name="cancellationToken">Abandons the wait; the message is then not sent.</param>
    /// <exception cref="LinkException">The link has failed or was completed.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (message.Length > _options.MaxMessageSize)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"A message of {message.Length} bytes; the options allow {_options.MaxMessageSize}.");
        }

        try
        {
            await _pipeline.AddAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            await _driving.ConfigureAwait(false); // Throws why.
            throw Ended();
        }
    }

    /// <summary>Sends every message of a stream, each as soon as its terminator is read, and what <see cref="LinkReceiver.ReceiveAllAsync"/> needs to restore it.</summary>
    /// <param name="input">Read to its end; completing it is left to the caller.</param>
    /// <param name="format">How messages stand in it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LinkException">The link has failed or was completed, or the stream holds a message that is too large or ends inside one.</exception>
    public async Task SendAllAsync(PipeReader input, MessageFormat format, CancellationToken cancellationToken = default)
    {
        Task sending = SendEachAsync(input, format, cancellationToken);
        if (await Task.WhenAny(sending, _driving).ConfigureAwait(false) == _driving && !sending.IsCompleted)
        {
            // The link is over: nobody waits for a message that may come in hours. What is read by then is of no use any more.
            _ = sending.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await _driving.ConfigureAwait(false); // Throws why.
            throw Ended();
        }

        await sending.ConfigureAwait(false);
    }

    /// <summary>Says that no message follows, and waits until the other end's application has taken and used all of them, or all are sent where nobody answers.</summary>
    /// <remarks>Used is what <see cref="LinkReceiver.ReceiveAsync"/> was asked for the next message after, or what <see cref="LinkReceiver.ReceiveAllAsync"/> has written.</remarks>
    /// <param name="cancellationToken">Abandons the wait; the link goes on.</param>
    /// <exception cref="LinkException">The link failed before, at either end.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _pipeline.Complete();
        _driver.Wake();
        await _driving.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_pipeline.IsComplete)
        {
            throw Ended();
        }

        if (_transport is FileTransportWriter file)
        {
            await file.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the link at once: what is not through is given up, and the peer is told if it can be.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pipeline.StopAsync().ConfigureAwait(false);
        _session.Dispose();
        _driver.Forget();
        _initiator?.Dispose();
        CryptographicOperations.ZeroMemory(_psk);
        _codec.Dispose();
        _pipeline.Dispose();
        _ownSnapshots?.Dispose();
        _stop.Dispose();
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SendEachAsync(PipeReader input, MessageFormat format, CancellationToken cancellationToken)
    {
        _ = _pipeline.SendControlAsync(new StreamLayout(format).ToControl()); // It leaves before the first message.
        bool isOpen = false;
        await foreach (ReadOnlyMemory<byte> message in MessageStreamReader.ReadAllAsync(
            input, format, rest => isOpen = rest && format != MessageFormat.Whole, _options.MaxMessageSize, cancellationToken).ConfigureAwait(false))
        {
            if (isOpen)
            {
                // The other end writes a message out with its terminator as soon as it is there: so it must know before that this one has none.
                await SendTailAsync(new StreamLayout(format, _pipeline.NextNumber), cancellationToken).ConfigureAwait(false);
            }

            await SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<EstablishedKeys> ConnectAsync(
        LinkDriver driver, HandshakeInitiator initiator, LinkOptions options, CancellationToken cancellationToken) =>
        await driver.ConnectAsync(initiator, options.HandshakeTimeout, cancellationToken).ConfigureAwait(false) switch
        {
            EstablishedKeys keys => keys,
            HandshakeFailure failure => throw new LinkException(failure.Code, failure.Message),
            _ => throw new LinkException("The handshake ended without an outcome."),
        };

    private static async Task<EstablishedKeys> OpenAsync(
        LinkDriver driver, HandshakeOptions handshake, IDatagramTransport transport, CancellationToken cancellationToken)
    {
        OneWaySender opening = OneWaySender.Start(handshake);
        byte[] datagram = opening.Datagram.ToArray();

        // Where datagrams can be lost, the one that everything hangs on goes out three times: its repetitions are ignored.
        for (int i = 0; i < (transport.HasReturnPath ? 3 : 1); i++)
        {
            await driver.OpenOneWayAsync(datagram, cancellationToken).ConfigureAwait(false);
        }

        return opening.Keys;
    }

    private async Task DriveAsync()
    {
        try
        {
            await _driver.RunAsync(_session, _pipeline, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await SessionClosing.SayAsync(_session, _transport, _driver.Now, LinkErrorCode.Canceled).ConfigureAwait(false);
        }
        finally
        {
            await _pipeline.StopAsync().ConfigureAwait(false);
        }

        if (_pipeline.Failure is { } failure)
        {
            throw failure as LinkException ?? new LinkException(LinkErrorCode.Canceled, "Coding failed.", failure);
        }
    }

    private async Task SendTailAsync(StreamLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            await _pipeline.SendControlAsync(layout.ToControl()).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await _driving.ConfigureAwait(false); // Throws why.
            throw Ended();
        }
    }

    private LinkException Ended() => _pipeline.Closing is { } closing
        ? new LinkException(closing.Error, SessionClosing.Describe(closing))
        : new LinkException(LinkErrorCode.Canceled, "The link was ended before everything was through.");
}
