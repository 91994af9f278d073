using LinkCodec.Core.Primitives;

namespace LinkCodec;

/// <summary>
/// The state folder of <see cref="LinkOptions.State"/> cannot be used: another process has it, another version made it,
/// the disk is full or refuses, or its content is damaged. What was stored in it before is still there.
/// </summary>
/// <param name="message">The error in one line for a person.</param>
/// <param name="innerException">The cause.</param>
public sealed class LinkStateException(string message, Exception? innerException = null)
    : LinkFaultException(message, innerException);
