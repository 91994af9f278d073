using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Corruption;

/// <summary>Cuts some datagrams to a shorter length, at least one byte.</summary>
internal sealed class Truncation(double probability) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) =>
        datagram.Length > 1 && draws.Chance(probability)
            ? Verdict.CutTo(1 + draws.NextBelow(datagram.Length - 1))
            : Verdict.Pass;
}
