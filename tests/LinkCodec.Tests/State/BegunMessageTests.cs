using LinkCodec.State;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>The beginning of a message in a receiver's folder: what is read is a beginning of it, and nothing
/// else.</summary>
public sealed class BegunMessageTests
{
    private const ulong Queue = 7;
    private static readonly byte[] Content = new TestRandom(9).Bytes(200_000);

    [Fact]
    [Spec("4.8-9")]
    public void It_is_gone_on_with_where_it_is_the_message_and_has_the_bytes()
    {
        PowerCutFiles disk = new();
        using (ReceiverState state = ReceiverState.Open(disk))
        {
            Append(state, Open(state, 1, 3), Content.Length);
        }

        (ulong Number, int Bytes, bool Fits)[] cases =
        [
            (3, 1, true), (3, 70_000, true), (3, 200_000, true), (3, 200_001, false), (2, 70_000, false),
            (4, 70_000, false),
        ];
        foreach ((ulong number, int bytes, bool fits) in cases)
        {
            using ReceiverState next = ReceiverState.Open(disk.AfterKill());
            uint check = RecordBuffer.Crc32C(0, Content.AsSpan(0, Math.Min(bytes, Content.Length)));
            byte[] found = next.ReadBegun(Open(next, 2, 3), new BegunPart(number, (ulong)bytes, check));
            Assert.Equal(fits ? Content : [], found);
        }

        using ReceiverState other = ReceiverState.Open(disk.AfterKill());
        QueueMark mark = Open(other, 2, 3);
        Assert.Empty(other.ReadBegun(mark, new BegunPart(3, 1000, 1))); // Another content.
        Assert.Empty(other.ReadBegun(mark, new BegunPart(3, 1, RecordBuffer.Crc32C(0, Content.AsSpan(0, 1)))));
    }

    [Fact]
    [Spec("4.8-9")]
    public void Whatever_fails_what_is_found_is_a_beginning_of_that_message()
    {
        int operations = Run(new PowerCutFiles()).Operations;
        for (int at = 0; at < operations; at++)
        {
            PowerCutFiles disk = Run(new PowerCutFiles { FailsAt = at });
            for (ulong seed = 0; seed < 4; seed++)
            {
                using ReceiverState state = ReceiverState.Open(
                    disk.AfterPowerCut(new TestRandom(((ulong)at * 4) + seed)));
                QueueMark mark = state.Open(null, new QueueAnnouncement(Queue, 9, 4, Asks: true), out _)
                    ?? Open(state, 9, 3);
                byte[] expected = mark.Delivered == 4 ? Content : [.. Content.Reverse()];
                byte[] found = state.ReadBegun(mark, new BegunPart(mark.Delivered, 1,
                    RecordBuffer.Crc32C(0, expected.AsSpan(0, 1))));
                Assert.True(expected.AsSpan().StartsWith(found), $"operation {at}, seed {seed}");
            }
        }
    }

    [Fact]
    public void A_session_whose_queue_has_another_one_stores_nothing()
    {
        using ReceiverState state = ReceiverState.Open(new PowerCutFiles());
        QueueMark old = Open(state, 1, 3);
        QueueMark present = Open(state, 2, 3);
        Append(state, present, 1000);
        state.AppendBegun(old, 3, 0, new byte[5000]);
        byte[] found = state.ReadBegun(present,
            new BegunPart(3, 1000, RecordBuffer.Crc32C(0, Content.AsSpan(0, 1000))));
        Assert.Equal(Content[..1000], found);
    }

    // Two messages, one after the other, in one file.
    private static PowerCutFiles Run(PowerCutFiles disk)
    {
        try
        {
            using ReceiverState state = ReceiverState.Open(disk);
            QueueMark mark = Open(state, 1, 3);
            state.AppendBegun(mark, 3, 0, Content.Reverse().Take(3000).ToArray());
            state.AppendBegun(mark, 3, 3000, Content.Reverse().Skip(3000).Take(500).ToArray());
            state.TryDeliver(mark, 4, null);
            state.AppendBegun(mark, 4, 0, Content.AsMemory(0, 700));
            state.AppendBegun(mark, 4, 700, Content.AsMemory(700, 4000));
        }
        catch (Exception e) when (e is LinkStateException or IOException)
        {
            // The power has failed.
        }

        return disk;
    }

    private static QueueMark Open(ReceiverState state, ulong epoch, ulong number) =>
        state.Open(null, new QueueAnnouncement(Queue, epoch, number, Asks: true), out QueueRefusal? no)
            ?? throw new InvalidOperationException(no!.Why);

    private static void Append(ReceiverState state, QueueMark mark, int length)
    {
        for (int at = 0; at < length;)
        {
            int step = Math.Min(30_000, length - at);
            state.AppendBegun(mark, 3, at, Content.AsMemory(at, step));
            at += step;
        }
    }
}
