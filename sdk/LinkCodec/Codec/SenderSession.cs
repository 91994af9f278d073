using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Zstd;
using LinkCodec.State;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;
using LinkCodec.Transport.Files;
using NSec.Cryptography;

namespace LinkCodec.Codec;

/// <summary>One session of a sender, with its transport and its driver.</summary>
internal sealed class SenderSession : IAsyncDisposable
{
    private static readonly object Done = new();

    private readonly LinkParts _parts;
    private readonly SenderEndpoint _endpoint;

    private readonly EndpointOptions _options;

    private SenderSession(IDatagramTransport transport, LinkParts parts, SenderEndpoint endpoint,
        EndpointOptions options, EndpointRun run)
    {
        (Transport, _parts, _endpoint, _options, Run) = (transport, parts, endpoint, options, run);
        (Stream, Snapshot) = (endpoint.Stream!, parts.Snapshots.All[endpoint.SnapshotIndex]);
    }

    public IDatagramTransport Transport { get; }

    public EndpointRun Run { get; }

    public SenderStream Stream { get; }

    /// <summary>The snapshot that both ends agreed on.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Whether the session was resumed, and the receiver has not answered it.</summary>
    public bool IsUnanswered => Run.With(_ => !_endpoint.IsAnswered);

    /// <summary>Whether the receiver told that it keeps what the session may be resumed by.</summary>
    public bool MayBeResumed => Stream.IsKept && _endpoint.Resumption is not null;

    /// <summary>The counters as of now.</summary>
    /// <param name="spared">Bytes by which messages are longer as they are carried than as they were given.</param>
    public LinkStatistics StatisticsWith(long spared) => Run.With(_ =>
        LinkStatistics.Of(Stream.Counters, _endpoint.Statistics, _endpoint.HandshakeBytes,
            _parts.Coding.PredictedBytes, spared));

    /// <summary>Opens the transport and makes the handshake.</summary>
    /// <param name="to">The endpoint to send to.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">The snapshots, loaded or still loading; they stay the caller's.</param>
    /// <param name="resumptions">What the last session left; null where none is resumed.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    public static async Task<SenderSession> ConnectAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots snapshots, ResumptionFile? resumptions,
        CancellationToken cancellationToken)
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
            using ResumptionSecret? secret = Take(resumptions, forEndpoint.Handshake, out Resumption? resumption);
            SenderEndpoint endpoint = new(
                forEndpoint with { Handshake = forEndpoint.Handshake with { Resumption = resumption } }, clock.Now);
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

            return new SenderSession(transport, parts, endpoint, forEndpoint, run);
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

    /// <summary>Keeps what the next session resumes this one by, durably.</summary>
    public void KeepResumption(ResumptionFile file)
    {
        byte[] peer = _options.Handshake.PeerKey!.Export(KeyBlobFormat.RawPublicKey);
        using ResumptionSecret? secret = Run.With(
            _ => _endpoint.Resumption is { } kept ? new ResumptionSecret(kept.Span) : null);
        if (secret is not null)
        {
            file.Keep(peer, secret, _options.Handshake.Snapshots[_endpoint.SnapshotIndex]);
        }
    }

    /// <summary>Sends a control map before whatever is added later.</summary>
    public void SendControl(byte[] map) => Run.Do(_ => Stream.AddControl(map));

    // The secret is in no file any more before the first datagram leaves. spec 2.8-10
    private static ResumptionSecret? Take(ResumptionFile? resumptions, HandshakeOptions handshake,
        out Resumption? resumption)
    {
        resumption = null;
        SavedResumption? saved = handshake is { MayResume: true, PeerKey: { } peer } ? resumptions?.Take(peer) : null;
        for (int i = 0; saved is not null && i < handshake.Snapshots.Count; i++)
        {
            SnapshotOffer offer = handshake.Snapshots[i];
            if (offer.Name.SequenceEqual(saved.Snapshot.Name)
                && offer.Fingerprint.SequenceEqual(saved.Snapshot.Fingerprint))
            {
                resumption = new Resumption(saved.Secret, i);
            }
        }

        return saved?.Secret;
    }

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
    /// <param name="messages">The messages.</param>
    /// <param name="throwIfClosed">Throws where no more may be queued.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <param name="first">The number of the first one; null for the next number. Those that the receiver has are not
    /// queued.</param>
    /// <param name="start">The first byte of the first one that is to be sent.</param>
    public async ValueTask QueueAsync(ReadOnlyMemory<byte>[] messages, Action throwIfClosed,
        CancellationToken cancellationToken, ulong? first = null, int start = 0)
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
                        Stream.Add(messages[queued], first + (ulong)queued, queued == 0 ? start : 0);
                        queued++;
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
