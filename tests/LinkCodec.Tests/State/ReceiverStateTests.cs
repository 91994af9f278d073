using LinkCodec.Core.Primitives;
using LinkCodec.State;
using Xunit;

namespace LinkCodec.Tests.State;

public sealed class ReceiverStateTests
{
    private const ulong Queue = 77;

    [Fact]
    public void Marks_and_the_checkpoint_are_there_after_a_kill()
    {
        PowerCutFiles disk = new();
        ReceiverState first = ReceiverState.Open(disk);
        QueueMark mark = first.Open(null, new QueueAnnouncement(Queue, 1, 0, Asks: false), out _)!;
        Assert.True(first.TryDeliver(mark, 5, new byte[] { 1, 2 }));
        Assert.True(first.TryDeliver(mark, 9, null));

        using ReceiverState second = ReceiverState.Open(disk.AfterKill());
        Assert.Equal([1, 2], second.Checkpoint.ToArray());
        Assert.Equal(9UL, second.Open(null, new QueueAnnouncement(Queue, 2, 3, Asks: true), out _)!.Delivered);
    }

    [Theory]
    [InlineData(3UL, 9UL, true, "another copy")] // spec 4.8-4: the session of a copy
    [InlineData(2UL, 9UL, true, "another copy")]
    [InlineData(4UL, 10UL, true, "the receiver's state was set back")]
    [InlineData(4UL, 10UL, false, "the receiver's state was set back")]
    [InlineData(4UL, 8UL, false, "the queue was set back")]
    [Spec("4.8-4")]
    [Spec("4.8-5")]
    public void A_queue_that_does_not_fit_is_refused(ulong epoch, ulong number, bool asks, string why)
    {
        using ReceiverState state = ReceiverState.Open(new PowerCutFiles());
        QueueMark mark = state.Open(null, new QueueAnnouncement(Queue, 3, 0, Asks: false), out _)!;
        state.TryDeliver(mark, 9, null);
        Assert.Null(state.Open(null, new QueueAnnouncement(Queue, epoch, number, asks), out QueueRefusal? refusal));
        Assert.StartsWith(why, refusal!.Why, StringComparison.Ordinal);
        bool isReceivers = why.Contains("receiver's", StringComparison.Ordinal); // Then the queue is none the worse.
        Assert.Equal(isReceivers ? LinkErrorCode.Canceled : LinkErrorCode.QueueRefused, refusal.Code);
        Assert.True(refusal.Why.Length <= 64);
        Assert.NotNull(state.Open(null, new QueueAnnouncement(Queue, 4, 9, Asks: false), out _));
        Assert.NotNull(state.Open(null, new QueueAnnouncement(Queue, 5, 2, Asks: true), out _));
    }

    [Fact]
    [Spec("4.8-5")]
    public void A_queue_that_is_not_known_begins_with_what_the_sender_says()
    {
        using ReceiverState state = ReceiverState.Open(new PowerCutFiles());
        Assert.Equal(40UL, state.Open(null, new QueueAnnouncement(Queue, 3, 40, Asks: true), out _)!.Delivered);
    }

    [Fact]
    [Spec("4.8-7")]
    public void A_session_that_another_one_replaces_moves_the_mark_no_more()
    {
        using ReceiverState state = ReceiverState.Open(new PowerCutFiles());
        QueueMark old = state.Open(null, new QueueAnnouncement(Queue, 1, 0, Asks: false), out _)!;
        state.TryDeliver(old, 4, null);
        QueueMark next = state.Open(null, new QueueAnnouncement(Queue, 2, 0, Asks: true), out _)!;
        Assert.False(state.TryDeliver(old, 6, null));
        Assert.True(state.TryDeliver(next, 5, null));
        Assert.Equal(5UL, state.Open(null, new QueueAnnouncement(Queue, 3, 0, Asks: true), out _)!.Delivered);
    }

    [Fact]
    public void The_log_of_many_marks_stays_short()
    {
        PowerCutFiles disk = new();
        using ReceiverState state = ReceiverState.Open(disk);
        QueueMark mark = state.Open(null, new QueueAnnouncement(Queue, 1, 0, Asks: false), out _)!;
        for (ulong i = 1; i <= 30_000; i++)
        {
            state.TryDeliver(mark, i, BitConverter.GetBytes(i));
        }

        string name = Assert.Single(disk.Names(), one => one.StartsWith("marks-", StringComparison.Ordinal));
        Assert.InRange(disk.Read(name).Length, 0, 300_000);
        Assert.InRange(disk.Written, 0, 30_000 * 32);
        using ReceiverState next = ReceiverState.Open(disk.AfterKill());
        Assert.Equal(BitConverter.GetBytes(30_000UL), next.Checkpoint.ToArray());
        Assert.Equal(30_000UL, next.Open(null, new QueueAnnouncement(Queue, 2, 0, Asks: true), out _)!.Delivered);
    }

    [Fact]
    public void A_full_disk_is_told_and_the_mark_stays()
    {
        PowerCutFiles disk = new();
        ReceiverState state = ReceiverState.Open(disk);
        QueueMark mark = state.Open(null, new QueueAnnouncement(Queue, 1, 0, Asks: false), out _)!;
        state.TryDeliver(mark, 4, null);
        disk.Room = 3;
        Assert.Throws<LinkStateException>(() => state.TryDeliver(mark, 5, null));
        using ReceiverState next = ReceiverState.Open(disk.AfterKill());
        Assert.Equal(4UL, next.Open(null, new QueueAnnouncement(Queue, 2, 0, Asks: true), out _)!.Delivered);
    }

    [Fact]
    public void Queues_are_bounded()
    {
        using ReceiverState state = ReceiverState.Open(new PowerCutFiles());
        for (ulong queue = 0; queue < 4096; queue++)
        {
            Assert.NotNull(state.Open(null, new QueueAnnouncement(queue, 1, 0, Asks: false), out _));
        }

        Assert.Null(state.Open(null, new QueueAnnouncement(5000, 1, 0, Asks: false), out QueueRefusal? refusal));
        Assert.Equal(LinkErrorCode.LimitExceeded, refusal!.Code);
        Assert.NotNull(state.Open(null, new QueueAnnouncement(17, 2, 0, Asks: false), out _));
    }
}
