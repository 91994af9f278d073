namespace LinkCodec;

/// <summary>What a sender is asked for one message.</summary>
public readonly record struct SendOptions
{
    /// <summary>
    /// Whether a full queue refuses the message with <see cref="LinkQueueFullException"/>. False (default): the call
    /// waits for room.
    /// </summary>
    public bool RefuseIfFull { get; init; }
}
