namespace LinkCodec.Core.Endpoint;

/// <summary>
/// The address that a datagram came from or goes to, as the transport names it. An endpoint compares addresses and
/// looks into none.
/// </summary>
/// <param name="Name">The transport's own name, compared by <see cref="object.Equals(object)"/>; null where a path has
/// no addresses, and for the one address that a transport was connected to.</param>
/// <param name="Machine">The machine or network behind it, so that one machine with many ports counts once; null where
/// there is none.</param>
internal readonly record struct PathAddress(object? Name, ulong? Machine = null);
