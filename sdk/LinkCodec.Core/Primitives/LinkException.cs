namespace LinkCodec.Core.Primitives;

/// <summary>
/// The one exception that LinkCodec's asynchronous surface and its loaders throw; <see cref="Code"/> says which error
/// it is.
/// </summary>
public sealed class LinkException : Exception
{
    /// <summary>An error of unknown kind.</summary>
    public LinkException()
        : this(LinkErrorCode.Malformed, "The link failed.")
    {
    }

    /// <summary>An error of unknown kind with a message.</summary>
    public LinkException(string message)
        : this(LinkErrorCode.Malformed, message)
    {
    }

    /// <summary>An error of unknown kind with a message and a cause.</summary>
    public LinkException(string message, Exception innerException)
        : this(LinkErrorCode.Malformed, message, innerException)
    {
    }

    /// <summary>An error with its code, one line for a person, and what caused it.</summary>
    public LinkException(LinkErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The error's code, from the table of the specification.</summary>
    public LinkErrorCode Code { get; }
}
