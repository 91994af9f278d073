using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>A datagram that will come out of a channel.</summary>
/// <param name="At">When.</param>
/// <param name="Bytes">What: the receiver's to keep.</param>
internal readonly record struct Arrival(Timestamp At, byte[] Bytes);
