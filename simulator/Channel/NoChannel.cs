using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel;

/// <summary>A direction that does not exist: every datagram ends where it began, and is counted.</summary>
internal sealed class NoChannel : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) => Verdict.Dropped(Fate.NoChannel);
}
