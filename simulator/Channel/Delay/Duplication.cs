using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Delay;

/// <summary>Sends a second copy of some datagrams, at some time within a window after the first.</summary>
internal sealed class Duplication(double probability, TimeSpan window) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) =>
        draws.Chance(probability) ? Verdict.Doubled(draws.NextSpan(window)) : Verdict.Pass;
}
