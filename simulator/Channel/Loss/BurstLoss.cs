using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Loss;

/// <summary>
/// The model of Gilbert and Elliott: a good and a bad state, each with its own loss; the state changes between
/// datagrams.
/// </summary>
/// <remarks>
/// With nothing lost in the good state and all in the bad one, the mean burst is 1/leave and the mean loss
/// enter/(enter+leave).
/// </remarks>
/// <param name="enter">Chance per datagram to go from good to bad.</param>
/// <param name="leave">Chance per datagram to go from bad to good.</param>
/// <param name="lossInGood">Loss in the good state.</param>
/// <param name="lossInBad">Loss in the bad state.</param>
internal sealed class BurstLoss(double enter, double leave, double lossInGood, double lossInBad) : IChannelRule
{
    private bool _bad;

    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws)
    {
        bool changes = draws.Chance(_bad ? leave : enter);
        _bad ^= changes;
        return draws.Chance(_bad ? lossInBad : lossInGood) ? Verdict.Dropped(Fate.Lost) : Verdict.Pass;
    }
}
