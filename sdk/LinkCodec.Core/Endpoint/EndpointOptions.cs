using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The facts that an endpoint must know of its link. Immutable; the keys in it stay the caller's and must live as long
/// as the endpoint.
/// </summary>
internal sealed record EndpointOptions
{
    /// <summary>The options of the handshake, with the offered snapshots.</summary>
    public required HandshakeOptions Handshake { get; init; }

    /// <summary>
    /// The predictor of each offered snapshot, in the order of <see cref="HandshakeOptions.Snapshots"/>; empty at a
    /// sender that is still loading them (<see cref="SenderEndpoint.Start"/>).
    /// </summary>
    public required IReadOnlyList<Predictor> Predictors { get; init; }

    /// <summary>
    /// The compressors of blocks of each offered snapshot, in the same order; none where no blocks are sent or read.
    /// </summary>
    public IReadOnlyList<BlockCompressorFactory> Compressors { get; init; } = [];

    /// <summary>The options of the session: what the link is like.</summary>
    public required SessionOptions Session { get; init; }

    /// <summary>
    /// Whether the path is a file: it has an end, nothing is lost in it and nobody else writes into it.
    /// </summary>
    public bool IsFile { get; init; }

    /// <summary>Sender: how long the handshake is tried; below 0 for ever.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Sender: what messages start from.</summary>
    public ContextMode Context { get; init; }

    /// <summary>Sender: what the messages are.</summary>
    public ContentHint Hint { get; init; }

    /// <summary>Sender: the work that is spent on segments.</summary>
    public Effort Effort { get; init; }

    /// <summary>Sender: threads that code at once, about: what images may cost on a fast link depends on it.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Sender: how long a message may wait for company in its segment.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Sender: whether messages wait for company until a segment is full or the last one has come.</summary>
    public bool FillSegments { get; init; }

    /// <summary>Messages that may wait before they are coded, or before the application takes them.</summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Listener: sessions that run at once, each with a peer of its own.</summary>
    public int MaxSessions { get; init; } = 1;

    /// <summary>Receiver: whether a file's messages may start from those before them.</summary>
    public bool MayChain { get; init; }

    /// <summary>Receiver: whether messages are given out in the order of sending.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>Receiver: whether what came of messages of samples that are given up is given out.</summary>
    public bool KeepsIncomplete { get; init; }

    /// <summary>Receiver: bytes of a message at most.</summary>
    public int MaxMessageSize { get; init; } = CompressionLimits.DefaultMessage;

    /// <summary>Receiver: what is held of messages that wait for one before them.</summary>
    public long ReorderBufferSize { get; init; } = CompressionLimits.DefaultAhead;

    /// <summary>Receiver: bytes of content that a byte of code may stand for.</summary>
    public int MaxExpansion { get; init; } = CompressionLimits.FrameExpansion;

    /// <summary>Whether the other end can answer.</summary>
    public bool HasReturnPath => Session.HasReturnPath;
}
