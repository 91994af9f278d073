using System.Reactive.Linq;
using System.Reactive.Subjects;
using LinkCodec.Codec;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.State;
using LinkCodec.Transport;
using LinkCodec.Transport.Driving;
using LinkCodec.Transport.Files;

namespace LinkCodec;

/// <summary>The end of a link that waits for senders, and serves them: many at once, and one after the other.</summary>
/// <remarks>
/// A sender has one session at a time. If that falls silent for a round trip and a second when its sender, or a
/// successor with the same key, asks for another, the dead one ends with <see cref="LinkReplacedException"/> and
/// <see cref="AcceptAsync"/> gives the other; a session whose sender still answers is not disturbed.
/// </remarks>
public sealed class LinkListener : IAsyncDisposable
{
    private const int EventsKept = 16; // For whoever subscribes later.

    private readonly IDatagramTransport _transport;
    private readonly ListenerEndpoint _endpoint;
    private readonly ReplaySubject<LinkEvent> _events = new(EventsKept);
    private readonly Task _telling;
    private bool _disposed;

    private LinkListener(LinkEndpoint at, LinkOptions options, IDatagramTransport transport, LinkParts parts,
        bool mayChain, ReceiverState? state)
    {
        (Endpoint, Options, _transport, Parts, State) = (at, options, transport, parts, state);
        _endpoint = new ListenerEndpoint(parts.OptionsFor(
            transport.HasReturnPath, isFile: !transport.HasReturnPath, isSender: false, mayChain,
            state?.Resumptions));
        SystemTimestampSource clock = new(options.TimeProvider);
        Run = new EndpointRun(transport, _endpoint, parts.Coding.RunAsync, Environment.ProcessorCount, clock,
            isReceiving: true) { Farewell = ListenerEndpoint.HasEndedText };
        _telling = Task.Run(TellAsync);
    }

    /// <summary>The listener's own endpoint, with the port that the system chose, if it was asked to.</summary>
    public LinkEndpoint Endpoint { get; }

    /// <summary>
    /// The events beside the messages, from the beginning to the end of the listener; a late subscriber gets the last
    /// few.
    /// </summary>
    public IObservable<LinkEvent> Events => _events.AsObservable();

    /// <summary>
    /// The report of what a file link had to skip; null for other links. Known when its receiver has given everything
    /// out.
    /// </summary>
    public FileReadReport? FileReport => (_transport as FileTransportReader)?.Report;

    /// <summary>
    /// What the application stored last in the state folder, to set its output back to what was delivered; empty where
    /// it stored nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no state folder.</exception>
    public ReadOnlyMemory<byte> Checkpoint => Durable.Checkpoint;

    internal EndpointRun Run { get; }

    internal ReceiverState? State { get; }

    internal LinkOptions Options { get; }

    internal LinkParts Parts { get; }

    private ReceiverState Durable => State
        ?? throw new InvalidOperationException("Without a state folder (LinkOptions.State) nothing is kept.");

    internal (long Sent, long Received, long Billed) HandshakeBytes => _endpoint.HandshakeBytes;

    /// <summary>Opens the transport and loads the snapshots.</summary>
    /// <param name="at">The endpoint to listen at: <c>udp://host:port</c> or <c>file:PATH</c>.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">Loaded snapshots to share, or null to load those that the options name; of a file, the
    /// one that it names, where that is installed.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="ArgumentException"><see cref="LinkOptions.State"/> on a link without a way back, with delivery
    /// once or without order.</exception>
    /// <exception cref="LinkException">A bad snapshot, or a transport that cannot be opened.</exception>
    /// <exception cref="LinkStateException">The state folder cannot be used.</exception>
    public static async Task<LinkListener> ListenAsync(
        LinkEndpoint at, LinkOptions options, LinkSnapshots? snapshots = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSessions, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSessions, 4096, nameof(options));
        ReceiverState? state = DurableOptions.OpenReceiver(options, at);
        LinkSnapshots? own = null;
        IDatagramTransport? transport = null;
        LinkParts? parts = null;
        try
        {
            own = snapshots is null && at.Scheme != LinkScheme.File
                ? LinkSnapshots.Load(options.Snapshots, options.Device)
                : null;
            (transport, LinkEndpoint endpoint) = await LinkTransports.ListenAsync(at, options, cancellationToken)
                .ConfigureAwait(false);
            bool mayChain = false;
            if (transport is FileTransportReader file)
            {
                (byte[] opening, mayChain) = await file.PeekAsync(cancellationToken).ConfigureAwait(false);
                own = snapshots is null ? FileSnapshot.Load(opening, options) : null;
            }

            parts = new LinkParts(options, snapshots ?? own!, ownsSnapshots: snapshots is null);
            return new LinkListener(endpoint, options, transport, parts, mayChain, state);
        }
        catch
        {
            state?.Dispose();
            parts?.Dispose();
            own?.Dispose();
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>
    /// Waits for a sender whose session has begun: its handshake is made, and its first segment has come.
    /// </summary>
    /// <param name="cancellationToken">A token that ends the waiting; the listener goes on.</param>
    /// <returns>The receiver of the session, which the caller disposes of, before the listener or with it.</returns>
    /// <exception cref="LinkException">A one-way link ended without anything that this end can open, or the transport
    /// failed.</exception>
    public async Task<LinkReceiver> AcceptAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ReceiverEndpoint accepted = await Run.WhenAsync(
            _ => _endpoint.TryAccept(out ReceiverEndpoint? receiver) ? receiver
                : _endpoint.HasEnded ? throw NothingCame() : null,
            cancellationToken).ConfigureAwait(false);
        return new LinkReceiver(this, accepted);
    }

    /// <summary>Stores a checkpoint durably, as before the first message is written.</summary>
    /// <param name="checkpoint">What the application needs.</param>
    /// <exception cref="InvalidOperationException">There is no state folder.</exception>
    /// <exception cref="LinkStateException">It cannot be stored, as on a full disk.</exception>
    public Task StoreCheckpointAsync(ReadOnlyMemory<byte> checkpoint)
    {
        ReceiverState state = Durable;
        return Task.Run(() => state.StoreCheckpoint(checkpoint));
    }

    /// <summary>Ends every session at once, and tells the peers if they can be told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await Run.DisposeAsync().ConfigureAwait(false);
            await _telling.ConfigureAwait(false);
            _events.OnCompleted();
            Parts.Dispose();
            State?.Dispose();
        }
    }

    private LinkException NothingCame() => _endpoint.Refusal is { } failure
        ? new LinkException(failure.Code, failure.Message)
        : new LinkException(
            LinkErrorCode.AuthenticationFailed,
            "The link ended without an opening that these keys fit: other keys, or its beginning is damaged.");

    private async Task TellAsync()
    {
        try
        {
            while (true)
            {
                ListenerNotice notice = await Run.WhenAsync(_ => _endpoint.TryTakeNotice(), CancellationToken.None)
                    .ConfigureAwait(false);
                _events.OnNext(ToEvent(notice));
            }
        }
        catch (LinkException)
        {
            // The link has ended, and whoever waits for its messages is told why.
        }
    }

    private static LinkEvent ToEvent(ListenerNotice notice)
    {
        long n = notice.Count;
        const string Misfit = "that does not fit these keys (or one end is one-way and the other is not)";
        return notice.Kind switch
        {
            ListenerNoticeKind.Refused => new LinkEvent(LinkEventKind.SenderRefused, n, n == 1
                ? $"refused a sender: {notice.Failure!.Message}"
                : $"refused senders {n} times, the last: {notice.Failure!.Message}"),
            ListenerNoticeKind.Misfit => new LinkEvent(LinkEventKind.HandshakeMisfit, n, n == 1
                ? $"dropped 1 handshake {Misfit}"
                : $"dropped {n} handshakes {Misfit.Replace("does", "do", StringComparison.Ordinal)}"),
            ListenerNoticeKind.Busy => new LinkEvent(LinkEventKind.SenderTurnedAway, n, n == 1
                ? "told another sender that this end is busy"
                : $"told other senders {n} times that this end is busy"),
            ListenerNoticeKind.Replaced => new LinkEvent(
                LinkEventKind.SessionReplaced, n, "a new session of the sender replaces the one that fell silent"),
            _ => new LinkEvent(LinkEventKind.SessionBegan, n, "a session has begun"),
        };
    }
}
