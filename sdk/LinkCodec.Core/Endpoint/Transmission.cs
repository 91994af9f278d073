namespace LinkCodec.Core.Endpoint;

/// <summary>A datagram that an endpoint has written.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="To">Where it goes.</param>
internal readonly record struct Transmission(int Length, PathAddress To);
