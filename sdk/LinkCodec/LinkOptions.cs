using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Media;
using LinkCodec.Models;

namespace LinkCodec;

/// <summary>
/// The facts that both ends of a link must know, and the limits that an end sets. Immutable; one value may serve many
/// links.
/// </summary>
public sealed record LinkOptions
{
    /// <summary>The key of this end; both ends need one unless <see cref="Pattern"/> does without.</summary>
    public LinkIdentity? Identity { get; init; }

    /// <summary>
    /// The other end's public key. A listener whose <see cref="Pattern"/> has senders show theirs (IK, XX) takes any
    /// without it.
    /// </summary>
    public LinkPublicKey? PeerPublicKey { get; init; }

    /// <summary>
    /// The keys of the senders that a listener takes, where its <see cref="Pattern"/> has them show theirs (IK, XX).
    /// Empty (default): <see cref="PeerPublicKey"/> alone.
    /// </summary>
    public IReadOnlyList<LinkPublicKey> Senders { get; init; } = [];

    /// <summary>
    /// Sessions that a listener serves at once, each of another sender; beyond, a sender is told that this end is busy.
    /// 1 to 4096, default 64. An idle session takes some kilobytes.
    /// </summary>
    public int MaxSessions { get; init; } = 64;

    /// <summary>The 32 bytes that both ends share beside their keys; null for none.</summary>
    public ReadOnlyMemory<byte>? PresharedKey { get; init; }

    /// <summary>
    /// Whether key pairs that anyone may know stand in on a link without a return path, where neither
    /// <see cref="Identity"/> nor <see cref="PeerPublicKey"/> is given. They seal against damage, not against readers
    /// or forgers; a <see cref="PresharedKey"/> besides keeps both out. False by default: such a link is refused.
    /// </summary>
    public bool UsePublishedKeys { get; init; }

    /// <summary>
    /// The Noise pattern; null picks KK, or K on a link without a return path, each with psk0 where there is a
    /// pre-shared key.
    /// </summary>
    public HandshakePattern? Pattern { get; init; }

    /// <summary>
    /// The snapshots that this end can use, best first: labels, first digits of names, folders, or
    /// <see cref="LinkSnapshots.None"/>.
    /// </summary>
    public IReadOnlyList<string> Snapshots { get; init; } = [SnapshotStore.DefaultLabel];

    /// <summary>
    /// The device that language models run on; where it is missing or computes otherwise, the link fails to open.
    /// Changes no byte. Default: the CPU.
    /// </summary>
    public ModelDevice Device { get; init; }

    /// <summary>
    /// Whether the other end can answer. False: nothing is promised and nothing repeated. A <c>file:</c> link never has
    /// a return path.
    /// </summary>
    public bool HasReturnPath { get; init; } = true;

    /// <summary>
    /// The rate that this end may send at, in bits per second; everything is paced by it. Default: unlimited.
    /// </summary>
    public DataRate Rate { get; init; }

    /// <summary>
    /// The time that a bit travels one way; timers derive from it. Default 300 ms, a geostationary hop.
    /// </summary>
    public TimeSpan OneWayDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Bytes of the longest datagram, 96 to 65,507. Default 1200.</summary>
    public int MaxDatagramSize { get; init; } = 1200;

    /// <summary>The promise for messages: delivered however often that takes (default), or sent once.</summary>
    public UnitDelivery Delivery { get; init; }

    /// <summary>
    /// The share of segments that are no repairs of the erasure code, from which a receiver computes segments that are
    /// lost: 0.1 to 1, which is none. Null (default): as many repairs as the reported losses ask for, where
    /// <see cref="Rate"/> is given and a round trip holds 16 segments or more; none without a return path.
    /// </summary>
    public double? CodeRate { get; init; }

    /// <summary>
    /// Segments that a repair reaches back where nothing is reported, 1 to 8,192; default 1,024. More mend longer gaps,
    /// and cost more time at both ends.
    /// </summary>
    public int RepairReach { get; init; } = 1024;

    /// <summary>
    /// The contexts that the sender lets messages start from; a receiver decodes them all. Default: those of the
    /// messages that the other end has acknowledged.
    /// </summary>
    public ContextMode Context { get; init; }

    /// <summary>
    /// The kind of the sender's messages, where the application knows. Changes no meaning. Default: unknown.
    /// </summary>
    public ContentHint Hint { get; init; }

    /// <summary>
    /// The way in which messages of the sender that are files of images and sounds are carried: as their samples, which
    /// take a fraction of the bytes. Null (default): every message crosses as it is. With <see cref="Effort.Auto"/>
    /// images take a fast code where the link would wait for the strong one, and a file crosses as it is where the link
    /// is done with it before its samples could be coded; with <see cref="Effort.Fast"/> and <see
    /// cref="Effort.Primed"/> images take the fast code, and other files cross as they are. A receiver restores the
    /// files in any case.
    /// </summary>
    public MediaOptions? Media { get; init; }

    /// <summary>
    /// Called by a receiver with what came of an image, a sound, samples or a video of which parts are lost for good,
    /// once it is given up; the message still counts as lost. Called by <see cref="LinkReceiver.ReceiveAsync"/>,
    /// between messages.
    /// Null (default): nothing is given out of such messages.
    /// </summary>
    public Action<IncompleteMedia>? OnIncomplete { get; init; }

    /// <summary>
    /// The work that the sender spends on segments; a receiver reads them all. Default: as much as link, processor and
    /// receiver keep up with.
    /// </summary>
    public Effort Effort { get; init; }

    /// <summary>
    /// How long a message may wait for others that share its segment, while the link has nothing else to send. Null
    /// (default): not at all on links of 64 kbit/s or more, and a quarter of the time that a full datagram takes, at
    /// most a second, on slower ones. 0 or more.
    /// </summary>
    public TimeSpan? MaxDelay { get; init; }

    /// <summary>
    /// What the carrier charges for a datagram: its steps and its minimum, to which full segments are cut. Default:
    /// each byte counts.
    /// </summary>
    public Billing Billing { get; init; }

    /// <summary>
    /// Whether the receiver gives messages out in the order of sending (default) or as they are whole.
    /// </summary>
    public bool Ordered { get; init; } = true;

    /// <summary>Bytes of a message at most. Default 64 MiB.</summary>
    public int MaxMessageSize { get; init; } = CompressionLimits.DefaultMessage;

    /// <summary>
    /// Bytes of decoded messages that a receiver holds while one before them is missing. Beyond, it takes what fills
    /// the gap alone; without a return path, it gives the missing ones up. Default 64 MiB.
    /// </summary>
    public long ReorderBufferSize { get; init; } = CompressionLimits.DefaultAhead;

    /// <summary>
    /// Bytes of messages that a coded frame may stand for, for each byte of its code and 16 more, before a receiver
    /// refuses it: 64 to 65,536. Senders keep to 64 (the default); more is for archives of versions before that rule,
    /// and lets few bytes ask for much work.
    /// </summary>
    public int MaxExpansion { get; init; } = CompressionLimits.FrameExpansion;

    /// <summary>
    /// Whether messages wait for company until a segment is full or the last one has come, so that the bytes do not
    /// depend on when messages come. For files that nobody reads meanwhile, as <c>linkcodec pack</c> writes them.
    /// Default: no, a message is sent as soon as it is coded.
    /// </summary>
    public bool FillSegments { get; init; }

    /// <summary>
    /// Messages that may wait in the sender's or receiver's queue before it holds its caller or peer back. Default
    /// 4096.
    /// </summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Threads that code or decode at once; 0 (default) for one a processor. Changes no byte.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// The time that a sender tries the handshake; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it lives, for a
    /// sender with a <see cref="State"/> folder, which stores messages meanwhile. Default 2 minutes.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The time that nothing may be heard from the peer before the session is given up. Default 2 hours: outages are
    /// ordinary.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// Pads segments to a multiple of so many bytes, to hide the lengths that compression gives away; 0 (default):
    /// none.
    /// </summary>
    public int PaddingBucket { get; init; }

    /// <summary>
    /// A folder in which this end keeps what has to outlive the process: a sender the messages that are not known to be
    /// delivered, a receiver what it has delivered. Made if it is missing; one process has it at a time. Both ends keep
    /// one, or neither; it needs a way back, reliable delivery and the order of sending. Null (default): a session's
    /// messages live and die with its processes.
    /// </summary>
    public string? State { get; init; }

    /// <summary>
    /// Bytes of messages in a sender's state folder that are not known to be delivered, with some 10 a message beside
    /// them: more wait with their callers, and a message that is larger is refused. The disk holds up to a file of 1 to
    /// 16 MiB more. 1 or more; null (default): the disk is the bound. A queue that is shorter than what the link
    /// carries in two round trips keeps it idle in between.
    /// </summary>
    public long? MaxQueueBytes { get; init; }

    /// <summary>The source of time. Default: the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of ephemeral keys and tags; the operating system, but for simulations.</summary>
    internal RandomSource RandomSource { get; init; } = RandomSource.System;

    /// <summary>The options of the handshake; the pre-shared key is a copy, which the caller erases.</summary>
    internal HandshakeOptions ToHandshake(IEnumerable<SnapshotOffer> snapshots, bool hasReturnPath) => new()
    {
        Pattern = Pattern ?? (hasReturnPath, PresharedKey is null) switch
        {
            (true, true) => HandshakePattern.KK,
            (true, false) => HandshakePattern.KKpsk0,
            (false, true) => HandshakePattern.K,
            (false, false) => HandshakePattern.Kpsk0,
        },
        StaticKey = Identity?.Key,
        PeerKey = PeerPublicKey?.Key,
        PeerKeys = Senders.Count == 0 ? null : [.. Senders.Select(sender => sender.Key)],
        Psk = PresharedKey is { } psk ? Pinned(psk.Span) : null,
        Snapshots = [.. snapshots],
        OneWayDelay = OneWayDelay,
        RandomSource = RandomSource,
        MaxAttempts = int.MaxValue, // The time-out ends the trying.
    };

    private TimeSpan UsualDelay()
    {
        if (Rate.IsUnlimited || Rate.BitsPerSecond >= 64_000)
        {
            return TimeSpan.Zero;
        }

        TimeSpan quarter = Rate.TimeFor(MaxDatagramSize) / 4;
        return quarter < TimeSpan.FromSeconds(1) ? quarter : TimeSpan.FromSeconds(1);
    }

    // The collector must not leave copies behind: whoever uses the options erases this one.
    private static byte[] Pinned(ReadOnlySpan<byte> secret)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(copy);
        return copy;
    }

    internal EndpointOptions ToEndpoint(HandshakeOptions handshake, IReadOnlyList<Predictor> predictors,
        bool hasReturnPath) => new()
        {
            Handshake = handshake,
            Predictors = predictors,
            Session = ToSession(hasReturnPath),
            HandshakeTimeout = HandshakeTimeout,
            Context = Context,
            Hint = Hint,
            FillSegments = FillSegments,
            Effort = Effort,
            Cores = MediaPace.CoresOf(this),
            MaxDelay = MaxDelay ?? UsualDelay(),
            QueueLength = QueueLength,
            MaxSessions = MaxSessions,
            Ordered = Ordered,
            KeepsIncomplete = OnIncomplete is not null,
            MaxMessageSize = MaxMessageSize,
            ReorderBufferSize = ReorderBufferSize,
            MaxExpansion = MaxExpansion,
        };

    internal SessionOptions ToSession(bool hasReturnPath) => new()
    {
        Rate = Rate,
        OneWayDelay = OneWayDelay,
        MaxDatagramSize = MaxDatagramSize,
        Billing = Billing,
        Delivery = Delivery,
        HasReturnPath = hasReturnPath,
        IdleTimeout = IdleTimeout,
        PaddingBucket = PaddingBucket,
        Redundancy = CodeRate switch
        {
            null => SessionOptions.AdaptiveRedundancy,
            { } rate and >= 0.1 and <= 1 => (int)Math.Round(1000 * ((1 / rate) - 1)),
            _ => throw new ArgumentException("A code rate of 0.1 to 1.", nameof(CodeRate)),
        },
        RepairReach = RepairReach,
    };
}
