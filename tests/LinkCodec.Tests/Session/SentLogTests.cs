using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class SentLogTests
{
    private const int Bound = 1024;

    [Fact]
    public void Segments_that_are_reported_in_time_need_no_more_than_the_first_places()
    {
        SentLog log = new(Bound);
        for (ulong counter = 0; counter < 10_000; counter++)
        {
            Send(log, counter);
            log.Settle(ref log[counter], SentState.Reported);
        }

        Assert.Equal((64, 0), (log.Capacity, log.AnsweredFor));
    }

    [Theory]
    [InlineData(SentState.UnderWay)]
    [InlineData(SentState.Lost)]
    public void The_log_grows_to_its_bound_rather_than_forget_what_no_report_has_named(object state)
    {
        SentLog log = new(Bound);
        for (ulong counter = 0; counter < 5000; counter++)
        {
            ref SentRecord displaced = ref log.MakeRoom(counter);
            Assert.True(counter >= Bound || displaced.State == SentState.None,
                $"{displaced.Counter} is forgotten for {counter}");
            if (displaced.State == SentState.UnderWay)
            {
                log.Settle(ref displaced, SentState.Lost);
            }

            Send(log, counter);
            if ((SentState)state == SentState.Lost)
            {
                log.Settle(ref log[counter], SentState.Lost);
            }

            ulong oldest = counter < Bound ? 0 : counter - Bound + 1;
            Assert.True(log.Holds(oldest) && log.Holds((oldest + counter) / 2) && log.Holds(counter), $"{counter}");
        }

        bool isLost = (SentState)state == SentState.Lost;
        Assert.Equal((Bound, isLost ? 0 : Bound), (log.Capacity, log.AnsweredFor));
        Assert.Equal(isLost ? 5000UL : 5000UL - Bound, log.Oldest);
        Assert.False(log.Holds(5000UL - Bound - 1));
    }

    private static void Send(SentLog log, ulong counter)
    {
        log.MakeRoom(counter);
        log.Add(new SentRecord
        {
            Counter = counter,
            SentAt = Timestamp.Zero,
            Content = SentContent.Unit,
            State = SentState.UnderWay,
        });
    }
}
