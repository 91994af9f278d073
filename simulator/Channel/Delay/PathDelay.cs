using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Delay;

/// <summary>
/// The way's length in time, and a uniform jitter on top that keeps the order (reordering is a rule of its own).
/// </summary>
internal sealed class PathDelay(TimeSpan delay, TimeSpan jitter) : IChannelRule
{
    private Timestamp _last = new(long.MinValue);

    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws)
    {
        Timestamp arrival = at + delay;
        if (jitter > TimeSpan.Zero)
        {
            arrival = Timestamp.Max(arrival + draws.NextSpan(jitter), _last);
            _last = arrival;
        }

        return Verdict.Held(arrival - at);
    }
}
