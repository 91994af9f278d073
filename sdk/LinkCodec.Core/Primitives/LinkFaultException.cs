namespace LinkCodec.Core.Primitives;

/// <summary>
/// A fault of this machine or its files, which is none of the link's: no peer is told of it by a code.
/// </summary>
/// <param name="message">One line for a person.</param>
/// <param name="innerException">What caused it.</param>
public abstract class LinkFaultException(string message, Exception? innerException)
    : Exception(message, innerException);
