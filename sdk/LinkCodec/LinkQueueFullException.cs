using LinkCodec.Core.Primitives;

namespace LinkCodec;

/// <summary>
/// The sender's queue is full, and the caller did not want to wait for room (<see cref="SendOptions.RefuseIfFull"/>).
/// The message was not taken; the link goes on.
/// </summary>
/// <param name="message">What is full, in one line for a person.</param>
public sealed class LinkQueueFullException(string message)
    : LinkFaultException(message, innerException: null);
