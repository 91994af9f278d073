namespace LinkCodec.Core.Endpoint;

/// <summary>A datagram that an endpoint has written.</summary>
/// <param name="Length">Bytes of the datagram.</param>
/// <param name="To">The address that the datagram goes to.</param>
internal readonly record struct Transmission(int Length, PathAddress To);
