using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>A datagram that will come out of a channel.</summary>
/// <param name="At">The time of the arrival.</param>
/// <param name="Bytes">The bytes that arrive: the receiver's to keep.</param>
internal readonly record struct Arrival(Timestamp At, byte[] Bytes);
