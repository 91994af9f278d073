using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Zstd;
using LinkCodec.State;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;

namespace LinkCodec.Codec;

/// <summary>A session that a sender asks for, and that the receiver may not have answered.</summary>
internal sealed class SenderAttempt : IAsyncDisposable
{
    private readonly LinkParts _parts;
    private readonly IDatagramTransport _transport;
    private readonly SenderEndpoint _endpoint;
    private readonly EndpointOptions _options;
    private readonly EndpointRun _run;

    private SenderAttempt(LinkParts parts, IDatagramTransport transport, SenderEndpoint endpoint,
        EndpointOptions options, EndpointRun run) =>
        (_parts, _transport, _endpoint, _options, _run) = (parts, transport, endpoint, options, run);

    /// <summary>Opens the transport and begins the handshake, which goes on by itself.</summary>
    /// <param name="to">The endpoint to send to.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">The snapshots, loaded or still loading; they stay the caller's.</param>
    /// <param name="resumptions">What the last session left; null where none is resumed.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    public static async Task<SenderAttempt> BeginAsync(
        LinkEndpoint to, LinkOptions options, LinkSnapshots snapshots, ResumptionFile? resumptions,
        CancellationToken cancellationToken)
    {
        // The handshake takes a round trip, in which snapshots are loaded.
        LinkParts parts = new(options, snapshots, ownsSnapshots: false);
        IDatagramTransport? transport = null;
        try
        {
            transport = await LinkTransports.ConnectAsync(to, options, cancellationToken).ConfigureAwait(false);
            SystemTimestampSource clock = new(options.TimeProvider);
            EndpointOptions forEndpoint = parts.OptionsFor(transport.HasReturnPath, isFile: !transport.HasReturnPath,
                isSender: true);
            using ResumptionSecret? secret = Take(resumptions, forEndpoint.Handshake, out Resumption? resumption);
            SenderEndpoint endpoint = new(
                forEndpoint with { Handshake = forEndpoint.Handshake with { Resumption = resumption } }, clock.Now);
            EndpointRun run = new(transport, endpoint, parts.Coding.RunAsync, maxWork: 1, clock,
                isReceiving: forEndpoint.HasReturnPath);
            return new SenderAttempt(parts, transport, endpoint, forEndpoint, run);
        }
        catch
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            parts.Dispose();
            throw;
        }
    }

    /// <summary>Waits until there is a session, which then owns everything; to be called once. A failure disposes of
    /// the attempt.</summary>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="LinkException">No answer, a refusal that names its reason, or a bad snapshot.</exception>
    public async Task<SenderSession> WhenAgreedAsync(CancellationToken cancellationToken)
    {
        try
        {
            Task<object> answer = _run.WhenAsync(
                _ => _endpoint.HasSession ? _endpoint : (object?)_endpoint.Failure, cancellationToken).AsTask();
            Task first = await Task.WhenAny(answer, _parts.Snapshots.Loading).ConfigureAwait(false);
            await first.ConfigureAwait(false); // A snapshot that is no good ends the attempt at once.
            if (await answer.ConfigureAwait(false) is HandshakeFailure failure)
            {
                throw new LinkException(failure.Code, failure.Message);
            }

            await _parts.Snapshots.Loading.ConfigureAwait(false); // spec 6.5-4
            Snapshot agreed = _parts.Snapshots.All[_endpoint.SnapshotIndex];
            if (_options.Predictors.Count == 0)
            {
                _run.Do(_ => _endpoint.Start(agreed.Predictor, SnapshotCompressors.Of(agreed)));
            }

            return new SenderSession(_transport, _parts, _endpoint, _options, _run);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives the attempt up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync().ConfigureAwait(false); // It owns the transport.
        _parts.Dispose();
    }

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
}
