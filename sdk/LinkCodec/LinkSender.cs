using System.IO.Pipelines;
using LinkCodec.Codec;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Media;
using LinkCodec.Models.Zstd;
using LinkCodec.Streams;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;
using LinkCodec.Transport.Files;

namespace LinkCodec;

/// <summary>
/// The sending end of a link: takes messages, and carries them to the other end as the options promise.
/// </summary>
/// <remarks>
/// <para>Messages keep their order when <see cref="SendAsync"/> is called one after the other. Everything is bounded: a
/// full queue makes the caller wait. An error of the link ends every call with one <see cref="LinkException"/>, whose
/// first cause wins.</para>
/// <para>Cost: a snapshot in memory (the built-in one about 10 MB), and for each message the model's work on its bytes,
/// once.</para>
/// </remarks>
public sealed class LinkSender : IAsyncDisposable
{
    private static readonly object Done = new();

    private readonly LinkOptions _options;
    private readonly IDatagramTransport _transport;
    private readonly LinkParts _parts;
    private readonly SenderEndpoint _endpoint;
    private readonly EndpointRun _run;
    private readonly SenderStream _stream;
    private long _spared; // Bytes by which messages are longer as they are carried than as they were given.
    private bool _isCompleted;
    private bool _disposed;

    private LinkSender(LinkOptions options, IDatagramTransport transport, LinkParts parts, SenderEndpoint endpoint,
        EndpointRun run)
    {
        (_options, _transport, _parts, _endpoint, _run) = (options, transport, parts, endpoint, run);
        (_stream, Snapshot) = (endpoint.Stream!, parts.Snapshots.All[endpoint.SnapshotIndex]);
    }

    /// <summary>The snapshot that both ends agreed on.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>
    /// Whether messages may start from earlier ones: the options, the link and the snapshot's predictor all have to
    /// allow it.
    /// </summary>
    public bool UsesContext => _stream.UsesContext;

    /// <summary>The counters as of now.</summary>
    public LinkStatistics Statistics => _run.With(_ =>
        LinkStatistics.Of(_stream.Counters, _endpoint.Statistics, _endpoint.HandshakeBytes,
            _parts.Coding.PredictedBytes, _spared));

    /// <summary>The counters twice a second, from subscription to the end of the link.</summary>
    public IObservable<LinkStatistics> Progress =>
        LinkStatistics.Sample(() => Statistics, () => _run.Completion.IsCompleted);

    /// <summary>Opens the transport, loads the snapshots, makes the handshake.</summary>
    /// <param name="to">The endpoint to send to: <c>udp://host:port</c> or <c>file:PATH</c>.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">Loaded snapshots to share, or null to load those that the options name.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="ArgumentException"><see cref="ContextMode.Chained"/> on a link that is no file.</exception>
    /// <exception cref="LinkException">No answer, a refusal that names its reason, a bad snapshot, or a transport that
    /// cannot be opened.</exception>
    public static async Task<LinkSender> ConnectAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots? snapshots = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Context == ContextMode.Chained && to.Scheme != LinkScheme.File)
        {
            throw new ArgumentException("Messages are chained in files alone: elsewhere they may be lost.",
                nameof(options));
        }

        // The handshake takes a round trip, in which snapshots are loaded.
        LinkParts parts = new(options, snapshots ?? LinkSnapshots.Begin(options.Snapshots, options.Device),
            ownsSnapshots: snapshots is null);
        IDatagramTransport? transport = null;
        EndpointRun? run = null;
        try
        {
            transport = await LinkTransports.ConnectAsync(to, options, cancellationToken).ConfigureAwait(false);
            SystemTimestampSource clock = new(options.TimeProvider);
            EndpointOptions forEndpoint = parts.OptionsFor(transport.HasReturnPath, isFile: !transport.HasReturnPath,
                isSender: true);
            SenderEndpoint endpoint = new(forEndpoint, clock.Now);
            run = new EndpointRun(transport, endpoint, parts.Coding.RunAsync, maxWork: 1, clock,
                isReceiving: forEndpoint.HasReturnPath);
            Task<object> answer = run.WhenAsync(
                _ => endpoint.HasSession ? endpoint : (object?)endpoint.Failure, cancellationToken).AsTask();
            Task first = await Task.WhenAny(answer, parts.Snapshots.Loading).ConfigureAwait(false);
            await first.ConfigureAwait(false); // A snapshot that is no good ends the attempt at once.
            if (await answer.ConfigureAwait(false) is HandshakeFailure failure)
            {
                throw new LinkException(failure.Code, failure.Message);
            }

            await parts.Snapshots.Loading.ConfigureAwait(false); // spec 6.5-4
            Snapshot agreed = parts.Snapshots.All[endpoint.SnapshotIndex];
            if (forEndpoint.Predictors.Count == 0)
            {
                run.Do(_ => endpoint.Start(agreed.Predictor, SnapshotCompressors.Of(agreed)));
            }

            return new LinkSender(options, transport, parts, endpoint, run);
        }
        catch
        {
            IAsyncDisposable? opened = run is null ? transport : run; // A run owns its transport.
            if (opened is not null)
            {
                await opened.DisposeAsync().ConfigureAwait(false);
            }

            parts.Dispose();
            throw;
        }
    }

    /// <summary>Queues one message; waits while the queue is full.</summary>
    /// <param name="message">The message's bytes, which must not change until it is sent. At most
    /// <see cref="LinkOptions.MaxMessageSize"/>.</param>
    /// <param name="cancellationToken">Abandons the wait; the message is then not sent.</param>
    /// <exception cref="LinkException">The link has failed or was completed.</exception>
    /// <exception cref="LinkCodingException">Coding failed on this machine.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireFit(message);
        await QueueAsync([message], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends every message of a stream, each as soon as its terminator is read, and what
    /// <see cref="LinkReceiver.ReceiveAllAsync"/> needs to restore it.
    /// </summary>
    /// <param name="input">Read to its end; completing it is left to the caller.</param>
    /// <param name="format">The form in which messages stand in the input.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LinkException">The link has failed or was completed, or the stream holds a message that is too
    /// large or ends inside one.</exception>
    public Task SendAllAsync(PipeReader input, MessageFormat format, CancellationToken cancellationToken = default) =>
        WhileOpenAsync(SendEachAsync(input, format, cancellationToken));

    /// <summary>
    /// Sends sound as it comes, to its end: each segment is a message, which leaves as soon as it is read and decodes
    /// alone. <see cref="LinkReceiver.ReceiveAllAsync"/> writes the same bytes.
    /// </summary>
    /// <remarks>A link that is too narrow for the sound holds it back: what is not read waits with its
    /// source.</remarks>
    /// <param name="input">Sound without a header, read to its end; completing it is left to the caller.</param>
    /// <param name="format">What its samples are.</param>
    /// <param name="segment">The length of a segment at most, 20 ms to 1 s. The shorter, the sooner it leaves, and the
    /// more bytes it takes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ArgumentException">The format is not valid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside its limits.</exception>
    /// <exception cref="LinkException">The link has failed or was completed, or the sound ends inside of a
    /// sample.</exception>
    public Task SendSoundAsync(PipeReader input, PcmFormat format, TimeSpan segment,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!format.IsValid)
        {
            throw new ArgumentException("8, 16 or 24 bits, 1 to 8 channels, up to 1,000,000 Hz.", nameof(format));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(segment, TimeSpan.FromMilliseconds(20));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segment, TimeSpan.FromSeconds(1));
        return WhileOpenAsync(SendSegmentsAsync(input, new PcmSegments(format, segment), cancellationToken));
    }

    /// <summary>
    /// Says that no message follows, and waits until the other end's application has taken and used all of them, or all
    /// are sent where nobody answers.
    /// </summary>
    /// <remarks>A message is used when <see cref="LinkReceiver.ReceiveAsync"/> was asked for the next one, or when
    /// <see cref="LinkReceiver.ReceiveAllAsync"/> has written it.</remarks>
    /// <param name="cancellationToken">Abandons the wait; the link goes on.</param>
    /// <exception cref="LinkException">The link failed before, at either end.</exception>
    /// <exception cref="LinkCodingException">Coding failed on this machine.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _run.Do(_ =>
        {
            _isCompleted = true;
            _stream.Complete();
        });
        await _run.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_run.With(_ => _stream.IsThrough))
        {
            throw _run.With(_ => Ending());
        }

        if (_transport is FileTransportWriter file)
        {
            await file.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the link at once: what is not through is given up, and the peer is told if it can be.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _run.DisposeAsync().ConfigureAwait(false);
            _parts.Dispose();
        }
    }

    private async Task WhileOpenAsync(Task sending)
    {
        if (await Task.WhenAny(sending, _run.Completion).ConfigureAwait(false) == _run.Completion
            && !sending.IsCompleted)
        {
            // The link is over: nobody waits for a message that may come in hours. What is read by then is of no use
            // any more.
            _ = sending.ContinueWith(t => t.Exception, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await _run.Completion.ConfigureAwait(false); // Throws why.
            throw _run.With(_ => Ending());
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendSegmentsAsync(PipeReader input, PcmSegments segments, CancellationToken cancellationToken)
    {
        bool isBegun = false;
        await foreach (byte[] segment in segments.ReadAsync(input, cancellationToken).ConfigureAwait(false))
        {
            if (!isBegun)
            {
                // The layout leaves before the first message. That was read to its end just now.
                isBegun = true;
                DateTimeOffset began = _options.TimeProvider.GetUtcNow() - segments.Length;
                SoundClock clock = new((ulong)Math.Max(0, began.ToUnixTimeMilliseconds()),
                    (ulong)segments.Length.TotalMicroseconds);
                _run.Do(_ => _stream.AddControl(new StreamLayout(MessageFormat.Whole) { Clock = clock }.ToControl()));
            }

            byte[] carried = segments.Carry(segment);
            Interlocked.Add(ref _spared, carried.Length - segment.Length);
            await QueueCarriedAsync([carried], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendEachAsync(PipeReader input, MessageFormat format, CancellationToken cancellationToken)
    {
        // The layout leaves before the first message.
        _run.Do(_ => _stream.AddControl(new StreamLayout(format).ToControl()));
        bool isOpen = false;
        await foreach (IReadOnlyList<ReadOnlyMemory<byte>> batch in MessageStreamReader.ReadBatchesAsync(
            input, format, rest => isOpen = rest && format != MessageFormat.Whole, _options.MaxMessageSize,
            cancellationToken).ConfigureAwait(false))
        {
            if (isOpen)
            {
                // The other end writes a message out with its terminator as soon as it is there: so it must know before
                // that this one has none.
                await SendTailAsync(format, cancellationToken).ConfigureAwait(false);
            }

            await QueueAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireFit(ReadOnlyMemory<byte> message)
    {
        if (message.Length > _options.MaxMessageSize)
        {
            throw new LinkException(
                LinkErrorCode.LimitExceeded,
                $"A message of {message.Length} bytes; the options allow {_options.MaxMessageSize}.");
        }
    }

    // As many at once as there is room for: each time costs the driver a look at everything.
    private ValueTask QueueAsync(IReadOnlyList<ReadOnlyMemory<byte>> given, CancellationToken cancellationToken) =>
        QueueCarriedAsync([.. given.Select(Carry)], cancellationToken);

    private async ValueTask QueueCarriedAsync(ReadOnlyMemory<byte>[] messages, CancellationToken cancellationToken)
    {
        for (int queued = 0; queued < messages.Length;)
        {
            await _run.WhenAsync(
                _ =>
                {
                    ThrowIfEnded();
                    int before = queued;
                    while (queued < messages.Length && _stream.HasRoom)
                    {
                        _stream.Add(messages[queued++]);
                    }

                    return queued > before ? Done : null;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private ReadOnlyMemory<byte> Carry(ReadOnlyMemory<byte> message)
    {
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(message, _options.Media ?? MediaMessage.AsItIs);
        if (carried.Length != message.Length
            && !MediaPace.Pays(message, carried, _options, isFile: !_transport.HasReturnPath))
        {
            carried = MediaMessage.Carry(message, MediaMessage.AsItIs);
        }

        RequireFit(carried);
        Interlocked.Add(ref _spared, carried.Length - message.Length);
        return carried;
    }

    private async Task SendTailAsync(MessageFormat format, CancellationToken cancellationToken)
    {
        _run.Do(_ => _stream.AddControl(new StreamLayout(format, _stream.NextNumber).ToControl()));
        await _run.WhenAsync(
            _ =>
            {
                ThrowIfEnded();
                return _stream.HasControls ? null : Done;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_isCompleted || _stream.Closing is not null || _stream.Failure is not null)
        {
            throw Ending();
        }
    }

    private Exception Ending() =>
        _stream.Failure is { } failure ? LinkCodingException.Of(failure)
            : _stream.Closing is { } closing ? SessionEnding.ToException(closing)
            : new LinkException(LinkErrorCode.Canceled, "The link was ended before everything was through.");
}
