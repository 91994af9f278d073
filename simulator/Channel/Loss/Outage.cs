using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Loss;

/// <summary>
/// Loses everything sent in a stretch of time, once or again and again: a blackhole, a shadow, the time between passes.
/// </summary>
/// <param name="start">From when, after the start of the run.</param>
/// <param name="length">For how long.</param>
/// <param name="every">From one start to the next; zero for once.</param>
internal sealed class Outage(TimeSpan start, TimeSpan length, TimeSpan every) : IChannelRule
{
    public Verdict Judge(Span<byte> datagram, Timestamp at, ref Draws draws)
    {
        TimeSpan since = at - Timestamp.Zero - start;
        if (since >= TimeSpan.Zero && every > TimeSpan.Zero)
        {
            since = TimeSpan.FromTicks(since.Ticks % every.Ticks);
        }

        return since >= TimeSpan.Zero && since < length ? Verdict.Dropped(Fate.Outage) : Verdict.Pass;
    }
}
