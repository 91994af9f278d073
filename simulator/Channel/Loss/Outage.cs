using LinkCodec.Core.Primitives;

namespace LinkCodec.Simulator.Channel.Loss;

/// <summary>
/// Loses everything sent in a stretch of time, once or again and again: a blackhole, a shadow, the time between passes.
/// </summary>
/// <param name="start">The time from the start of the run to the first outage.</param>
/// <param name="length">The length of an outage.</param>
/// <param name="every">The time from one outage's start to the next; zero for one outage alone.</param>
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
