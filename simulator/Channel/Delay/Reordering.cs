using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Delay;

/// <summary>
/// Holds some datagrams back for a time within a window, so that those sent meanwhile overtake them; none sent later
/// than the window does.
/// </summary>
internal sealed class Reordering(double probability, TimeSpan window) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws) =>
        draws.Chance(probability) ? Verdict.Held(draws.NextSpan(window)) : Verdict.Pass;
}
