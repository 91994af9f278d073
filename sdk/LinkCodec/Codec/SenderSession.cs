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

    /// <summary>A session that has begun, and owns what it is given.</summary>
    public SenderSession(IDatagramTransport transport, LinkParts parts, SenderEndpoint endpoint,
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
    /// <inheritdoc cref="SenderAttempt.BeginAsync"/>
    public static async Task<SenderSession> ConnectAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots snapshots, ResumptionFile? resumptions,
        CancellationToken cancellationToken)
    {
        SenderAttempt attempt = await SenderAttempt.BeginAsync(to, options, snapshots, resumptions, cancellationToken)
            .ConfigureAwait(false);
        return await attempt.WhenAgreedAsync(cancellationToken).ConfigureAwait(false);
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
