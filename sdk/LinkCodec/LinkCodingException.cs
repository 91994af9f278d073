using LinkCodec.Core.Primitives;

namespace LinkCodec;

/// <summary>
/// Coding or decoding failed on this machine: a model ran out of memory or lost its device, or there is a fault in this
/// library.
/// </summary>
/// <param name="innerException">The exception that coding failed with.</param>
public sealed class LinkCodingException(Exception innerException)
    : LinkFaultException($"Coding failed on this machine: {innerException.Message}", innerException)
{
    /// <summary>What an application is told of a failure of coding: itself, if it is meant for applications.</summary>
    internal static Exception Of(Exception failure) =>
        failure as LinkException ?? (Exception)new LinkCodingException(failure);
}
