using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Loss;

/// <summary>Loses each datagram with the same probability, whatever became of the others.</summary>
internal sealed class IndependentLoss(double probability) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) =>
        draws.Chance(probability) ? Verdict.Dropped(Fate.Lost) : Verdict.Pass;
}
