using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Zstd;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;
using LinkCodec.Transport.Files;

namespace LinkCodec.Codec;

/// <summary>One session of a sender, with its transport and its driver.</summary>
internal sealed class SenderSession : IAsyncDisposable
{
    private static readonly object Done = new();

    private readonly LinkParts _parts;
    private readonly SenderEndpoint _endpoint;

    private SenderSession(IDatagramTransport transport, LinkParts parts, SenderEndpoint endpoint, EndpointRun run)
    {
        (Transport, _parts, _endpoint, Run) = (transport, parts, endpoint, run);
        (Stream, Snapshot) = (endpoint.Stream!, parts.Snapshots.All[endpoint.SnapshotIndex]);
    }

    public IDatagramTransport Transport { get; }

    public EndpointRun Run { get; }

    public SenderStream Stream { get; }

    /// <summary>The snapshot that both ends agreed on.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>The counters as of now.</summary>
    /// <param name="spared">Bytes by which messages are longer as they are carried than as they were given.</param>
    public LinkStatistics StatisticsWith(long spared) => Run.With(_ =>
        LinkStatistics.Of(Stream.Counters, _endpoint.Statistics, _endpoint.HandshakeBytes,
            _parts.Coding.PredictedBytes, spared));

    /// <summary>Opens the transport and makes the handshake.</summary>
    /// <param name="to">The endpoint to send to.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">The snapshots, loaded or still loading; they stay the caller's.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    public static async Task<SenderSession> ConnectAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots snapshots, CancellationToken cancellationToken)
    {
        // The handshake takes a round trip, in which snapshots are loaded.
        LinkParts parts = new(options, snapshots, ownsSnapshots: false);
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

            return new SenderSession(transport, parts, endpoint, run);
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

    /// <summary>Sends a control map before whatever is added later.</summary>
    public void SendControl(byte[] map) => Run.Do(_ => Stream.AddControl(map));

    /// <summary>Waits until every control map has been reported.</summary>
    public async Task WhenControlsLeftAsync(CancellationToken cancellationToken) =>
        await Run.WhenAsync(
            _ =>
            {
                ThrowIfEnded();
                return Stream.HasControls ? null : Done;
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Queues messages, as many at once as there is room for: each time costs the driver a look at everything.
    /// </summary>
    public async ValueTask QueueAsync(ReadOnlyMemory<byte>[] messages, Action throwIfClosed,
        CancellationToken cancellationToken)
    {
        for (int queued = 0; queued < messages.Length;)
        {
            await Run.WhenAsync(
                _ =>
                {
                    throwIfClosed();
                    ThrowIfEnded();
                    int before = queued;
                    while (queued < messages.Length && Stream.HasRoom)
                    {
                        Stream.Add(messages[queued++]);
                    }

                    return queued > before ? Done : null;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the session is over.</summary>
    /// <exception cref="LinkException">Not everything is through.</exception>
    /// <exception cref="LinkCodingException">Coding failed on this machine.</exception>
    public async Task WhenThroughAsync(CancellationToken cancellationToken)
    {
        await Run.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!Run.With(_ => Stream.IsThrough))
        {
            throw Run.With(_ => Ending());
        }

        if (Transport is FileTransportWriter file)
        {
            await file.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Throws why the session is over, if it is.</summary>
    public void ThrowIfEnded()
    {
        if (Stream.Closing is not null || Stream.Failure is not null)
        {
            throw Ending();
        }
    }

    /// <summary>Why the session is over.</summary>
    public Exception Ending() =>
        Stream.Failure is { } failure ? LinkCodingException.Of(failure)
            : Stream.Closing is { } closing ? SessionEnding.ToException(closing)
            : new LinkException(LinkErrorCode.Canceled, "The link was ended before everything was through.");

    public async ValueTask DisposeAsync()
    {
        await Run.DisposeAsync().ConfigureAwait(false);
        _parts.Dispose();
    }
}
