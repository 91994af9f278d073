using LinkCodec.Core.Primitives;

namespace LinkCodec;

/// <summary>A key's file is missing, cannot be read or holds no such key.</summary>
/// <param name="message">The error in one line for a person, with what to run.</param>
/// <param name="innerException">The cause.</param>
public sealed class LinkKeyException(string message, Exception? innerException = null)
    : LinkFaultException(message, innerException);
