using System.IO.Pipelines;
using LinkCodec.Codec;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Media;
using LinkCodec.State;
using LinkCodec.Streams;

namespace LinkCodec;

/// <summary>
/// The sending end of a link: takes messages, and carries them to the other end as the options promise.
/// </summary>
/// <remarks>
/// <para>Messages keep their order when <see cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/> is called one
/// after the other. Everything is bounded: a full queue makes the caller wait, or refuses the message where that is
/// asked for. An error of the link ends every call with one <see cref="LinkException"/>, whose first cause wins.</para>
/// <para>Cost: a snapshot in memory (the built-in one about 10 MB), and for each message the model's work on its bytes,
/// once.</para>
/// </remarks>
public sealed partial class LinkSender : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly LinkSnapshots _snapshots;
    private readonly bool _ownsSnapshots;
    private readonly Outbox? _outbox; // With a state folder.
    private SenderSession? _session; // With a state folder, null until there is one.
    private long _spared; // Bytes by which messages are longer as they are carried than as they were given.
    private bool _isCompleted;
    private bool _disposed;

    private LinkSender(LinkOptions options, LinkSnapshots snapshots, bool ownsSnapshots, SenderSession session) =>
        (_options, _snapshots, _ownsSnapshots, _session) = (options, snapshots, ownsSnapshots, session);

    private LinkSender(LinkOptions options, LinkSnapshots snapshots, bool ownsSnapshots, SenderState state,
        SenderAttempt? first, Func<CancellationToken, Task<SenderSession>> connect)
    {
        (_options, _snapshots, _ownsSnapshots) = (options, snapshots, ownsSnapshots);
        _outbox = new Outbox(state, first, connect, next => _session = next, Carry, options);
    }

    /// <summary>The snapshot that both ends agreed on.</summary>
    /// <exception cref="InvalidOperationException">With a state folder: there is no session yet
    /// (<see cref="WhenConnectedAsync"/>).</exception>
    public Snapshot Snapshot => Session.Snapshot;

    /// <summary>
    /// Whether messages may start from earlier ones: the options, the link and the snapshot's predictor all have to
    /// allow it.
    /// </summary>
    /// <exception cref="InvalidOperationException">With a state folder: there is no session yet.</exception>
    public bool UsesContext => Session.Stream.UsesContext;

    /// <summary>The counters as of now; with a state folder, those of the present session, and zero before the
    /// first.</summary>
    public LinkStatistics Statistics => _session?.StatisticsWith(_spared) ?? new LinkStatistics();

    /// <summary>The counters twice a second, from subscription to the end of the link.</summary>
    public IObservable<LinkStatistics> Progress =>
        LinkStatistics.Sample(() => Statistics, () => (_outbox?.Completion ?? Session.Run.Completion).IsCompleted);

    /// <summary>
    /// How far the messages of the state folder's queue have come. Without a state folder, nothing is known of single
    /// messages: <see cref="CompleteAsync"/> tells of all.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no state folder.</exception>
    public LinkReceipts Receipts => Durable.Receipts;

    private SenderSession Session => _session
        ?? throw new InvalidOperationException("There is no session yet: the receiver has not answered.");

    private Outbox Durable => _outbox
        ?? throw new InvalidOperationException("Without a state folder (LinkOptions.State) nothing is kept.");

    /// <summary>
    /// Opens the transport, loads the snapshots, makes the handshake. With a state folder, the handshake goes on behind
    /// the caller, who can store messages meanwhile: whether the receiver answers is told by
    /// <see cref="WhenConnectedAsync"/>.
    /// </summary>
    /// <param name="to">The endpoint to send to: <c>udp://host:port</c> or <c>file:PATH</c>.</param>
    /// <param name="options">The options that both ends must know.</param>
    /// <param name="snapshots">Loaded snapshots to share, or null to load those that the options name.</param>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <exception cref="ArgumentException"><see cref="ContextMode.Chained"/> on a link that is no file, or
    /// <see cref="LinkOptions.State"/> on one without a way back or with delivery once.</exception>
    /// <exception cref="LinkException">A bad snapshot, or a transport that cannot be opened; without a state folder
    /// also no answer, or a refusal that names its reason.</exception>
    /// <exception cref="LinkStateException">The state folder cannot be used.</exception>
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

        SenderState? state = options.State is null ? null : DurableOptions.OpenSender(options, to);
        LinkSnapshots loaded = snapshots ?? LinkSnapshots.Begin(options.Snapshots, options.Device);
        bool owns = snapshots is null;
        SenderAttempt? first = null;
        try
        {
            if (state is null)
            {
                return new LinkSender(options, loaded, owns, await SenderSession.ConnectAsync(to, options, loaded,
                    resumptions: null, cancellationToken).ConfigureAwait(false));
            }

            first = await Outbox.BeginAsync(to, options, loaded, state, cancellationToken).ConfigureAwait(false);
            await loaded.Loading.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new LinkSender(options, loaded, owns, state, first,
                stop => SenderSession.ConnectAsync(to, options, loaded, state.Resumptions, stop));
        }
        catch
        {
            if (first is not null)
            {
                await first.DisposeAsync().ConfigureAwait(false);
            }

            state?.Dispose();
            if (owns)
            {
                loaded.Dispose();
            }

            throw;
        }
    }

    /// <summary>
    /// With a state folder: waits until there is a session. The receiver has answered then, or an earlier session is
    /// resumed, whose messages leave at once. Without one there always is.
    /// </summary>
    /// <param name="cancellationToken">Abandons the wait; the attempts go on.</param>
    /// <exception cref="LinkException">Nobody has answered within <see cref="LinkOptions.HandshakeTimeout"/>, or the
    /// link has failed otherwise.</exception>
    public Task WhenConnectedAsync(CancellationToken cancellationToken = default) =>
        _outbox?.WhenConnectedAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Queues one message; waits while the queue is full. With a state folder: stores it, so that nothing but the loss
    /// of the folder loses it, and completes then.
    /// </summary>
    /// <remarks>With a state folder, calls that run at the same time share one sync of the disk, and each call that is
    /// awaited before the next costs one.</remarks>
    /// <param name="message">The message's bytes, which must not change until it is sent, or stored. At most
    /// <see cref="LinkOptions.MaxMessageSize"/>.</param>
    /// <param name="cancellationToken">Abandons the wait; the message is then not sent. What is being stored is not
    /// abandoned.</param>
    /// <exception cref="LinkException">The link has failed or was completed, or the message is larger than the options
    /// allow.</exception>
    /// <exception cref="LinkStateException">The message cannot be stored, as on a full disk.</exception>
    /// <exception cref="LinkCodingException">Coding failed on this machine.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) =>
        SendAsync(message, default, cancellationToken);

    /// <summary>Queues one message as <see cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/> does.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <param name="sending">What is asked for this message.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="LinkQueueFullException">The queue is full, and the message is not to wait.</exception>
    /// <exception cref="LinkException">The link has failed or was completed, or the message is larger than the options
    /// allow.</exception>
    /// <exception cref="LinkStateException">The message cannot be stored, as on a full disk.</exception>
    /// <exception cref="LinkCodingException">Coding failed on this machine.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, SendOptions sending,
        CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireFit(message);
        if (_outbox is not null)
        {
            RequireFit(MediaMessage.Carry(message, MediaMessage.AsItIs));
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfCompleted();
            await (sending.RefuseIfFull
                ? _outbox.StoreAtOnceAsync(message)
                : _outbox.StoreAsync([message], InputForm.None, cancellationToken)).ConfigureAwait(false);
            return;
        }

        void ThrowIfRefused()
        {
            ThrowIfCompleted();
            ThrowIfFull(sending.RefuseIfFull);
        }

        Session.Run.Do(_ => ThrowIfRefused()); // Before the work of carrying it.
        await Session.QueueAsync([Carry(message)], ThrowIfRefused, cancellationToken).ConfigureAwait(false);
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
        _outbox is null
            ? WhileOpenAsync(SendEachAsync(input, format, cancellationToken))
            : _outbox.ReadAsync(input, format, default, _options.MaxMessageSize, cancellationToken);

    /// <summary>
    /// Sends every message of a file. With a state folder, a file that was queued before, in part or whole, is read on
    /// from there, by this process or another one: its name and its bytes up to there have to be the same.
    /// </summary>
    /// <param name="path">A regular file. Of others, such as pipes, everything that comes is new.</param>
    /// <param name="format">The form in which messages stand in it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Bytes at the beginning of the file that were queued before.</returns>
    /// <exception cref="LinkException">As for <see cref="SendAllAsync"/>, or the file cannot be read.</exception>
    /// <exception cref="LinkStateException">A message cannot be stored, as on a full disk.</exception>
    public async Task<long> SendFileAsync(string path, MessageFormat format,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        Stream file = QueuedInput.Open(path);
        await using (file.ConfigureAwait(false))
        {
            InputMark mark = QueuedInput.BeginningOf(path);
            bool isKept = _outbox is not null && file.CanSeek;
            mark = isKept ? await QueuedInput.SkipAsync(file, _outbox!.Input, mark).ConfigureAwait(false) : mark;
            PipeReader reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16));
            bool isQueued = isKept && format == MessageFormat.Whole && mark.Count > 0;
            if (!isQueued)
            {
                await (_outbox is null
                    ? SendAllAsync(reader, format, cancellationToken)
                    : _outbox.ReadAsync(reader, format, isKept ? mark : default, _options.MaxMessageSize,
                        cancellationToken)).ConfigureAwait(false);
            }

            return (long)mark.Position;
        }
    }

    /// <summary>Waits until the receiver's application has acknowledged messages; with a state folder alone.</summary>
    /// <param name="count">Messages of the folder's queue, from its first on.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="InvalidOperationException">There is no state folder.</exception>
    /// <exception cref="LinkException">The link failed before, at either end.</exception>
    public Task WhenDeliveredAsync(ulong count, CancellationToken cancellationToken = default) =>
        Durable.WhenDeliveredAsync(count, cancellationToken);

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

        if (_outbox is not null)
        {
            throw new InvalidOperationException("Live sound is not kept in a state folder.");
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
        _isCompleted = true;
        if (_outbox is not null)
        {
            await _outbox.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        Session.Run.Do(_ => Session.Stream.Complete());
        await Session.WhenThroughAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the link at once, and the peer is told if it can be. What is not through is given up; what is in a
    /// state folder stays there, for the next sender that opens it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (_outbox is not null)
            {
                await _outbox.DisposeAsync().ConfigureAwait(false);
            }

            if (_session is not null)
            {
                await _session.DisposeAsync().ConfigureAwait(false);
            }

            if (_ownsSnapshots)
            {
                _snapshots.Dispose();
            }
        }
    }
}
