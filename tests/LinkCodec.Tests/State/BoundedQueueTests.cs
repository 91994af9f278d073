using LinkCodec.Core.Primitives;
using LinkCodec.State;
using LinkCodec.Tests.Facade;
using Xunit;

namespace LinkCodec.Tests.State;

/// <summary>A sender's queue with a bound: ten messages of <see cref="SenderStateTests.Text"/> fit.</summary>
public sealed class BoundedQueueTests
{
    // A record takes ten bytes beside its message.
    private static readonly long Bound = 10 * QueueRoom.CostOf(SenderStateTests.Text(0).Length);

    [Fact]
    public async Task A_full_queue_waits_and_goes_on_as_messages_are_delivered()
    {
        PowerCutFiles disk = new();
        using SenderState state = SenderState.Open(disk, 7, Bound);
        await SenderStateTests.StoreAsync(state, 0, 8);
        Task storing = SenderStateTests.StoreAsync(state, 8, 9);
        for (ulong delivered = 1; delivered <= 7; delivered++)
        {
            Assert.False(storing.IsCompleted);
            Assert.InRange(state.Stored, 0UL, delivered + 9); // What found room may be on the disk by now, or not.
            await state.DeliverAsync(delivered);
        }

        await storing.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Enumerable.Range(7, 10).Select(SenderStateTests.Text), SenderStateTests.ReadAll(state, 7));
    }

    [Fact]
    public async Task What_was_stored_before_a_wait_is_sent_meanwhile()
    {
        using SenderState state = SenderState.Open(new PowerCutFiles(), 7, Bound);
        Task storing = SenderStateTests.StoreAsync(state, 0, 25);
        for (ulong sent = 0; sent < 25; sent++)
        {
            Task changed = state.Changed;
            while (state.Stored <= sent)
            {
                await changed.WaitAsync(LoopbackLink.Patience);
                changed = state.Changed;
            }

            await state.DeliverAsync(sent + 1);
        }

        await storing.WaitAsync(LoopbackLink.Patience);
    }

    [Fact]
    public async Task Whoever_does_not_want_to_wait_is_refused_and_nobody_overtakes_a_waiting_message()
    {
        using SenderState state = SenderState.Open(new PowerCutFiles(), 7, Bound);
        await SenderStateTests.StoreAsync(state, 0, 10);
        LinkQueueFullException told = await Assert.ThrowsAsync<LinkQueueFullException>(
            () => state.StoreAtOnceAsync(new byte[1]));
        Assert.Equal($"The queue is full: {Bound} bytes are not delivered, and {Bound} may be.", told.Message);

        Task storing = state.StoreAsync([new byte[100]], InputForm.None);
        await state.DeliverAsync(1);
        await Assert.ThrowsAsync<LinkQueueFullException>(() => state.StoreAtOnceAsync(new byte[1]));
        Task later = state.StoreAsync([new byte[1]], InputForm.None);
        Assert.False(later.IsCompleted);
        await state.DeliverAsync(10);
        await Task.WhenAll(storing, later).WaitAsync(LoopbackLink.Patience);
        await state.StoreAtOnceAsync(new byte[1]);
        QueueCursor cursor = state.ReadFrom(10);
        Assert.True(cursor.TryNext(out QueuedMessage first));
        Assert.Equal(100, first.Content.Length);
    }

    [Fact]
    public async Task A_message_that_can_never_fit_is_refused()
    {
        using SenderState state = SenderState.Open(new PowerCutFiles(), 7, Bound);
        LinkException told = await Assert.ThrowsAsync<LinkException>(
            () => state.StoreAsync([new byte[Bound]], InputForm.None));
        Assert.Equal(LinkErrorCode.LimitExceeded, told.Code);
        Assert.Contains($"{Bound} in all", told.Message, StringComparison.Ordinal);
        await state.StoreAsync([new byte[Bound - QueueRoom.CostOf(0)]], InputForm.None);
    }

    [Fact]
    public async Task A_wait_that_is_abandoned_lets_the_others_in()
    {
        using SenderState state = SenderState.Open(new PowerCutFiles(), 7, Bound);
        await SenderStateTests.StoreAsync(state, 0, 10);
        using CancellationTokenSource stop = new();
        Task storing = state.StoreAsync([new byte[100]], InputForm.None, stop.Token);
        Task other = SenderStateTests.StoreAsync(state, 10, 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storing);
        await state.DeliverAsync(1);
        await other.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(11UL, state.Stored);
    }

    [Fact]
    public async Task The_bound_holds_after_a_kill_and_the_disk_holds_little_more()
    {
        const long Most = 8 << 20;
        const int Size = 100_000;
        const int Fits = (int)(Most / (Size + 10));
        PowerCutFiles disk = new();
        ulong stored = 0;
        for (ulong delivered = 0; delivered < 500; delivered += 50)
        {
            using SenderState state = SenderState.Open(disk = disk.AfterKill(), 7, Most);
            try
            {
                for (; ; stored++)
                {
                    await state.StoreAtOnceAsync(new byte[Size]);
                }
            }
            catch (LinkQueueFullException)
            {
                // Two messages share a stretch, which counts until both are delivered.
                Assert.InRange(stored, delivered + Fits - 1, delivered + Fits);
            }

            long bytes = disk.Names().Sum(name => (long)disk.Read(name).Length);
            Assert.InRange(bytes, 0, Most + (Most / 4) + (2 * Size) + 10_000);
            await state.DeliverAsync(delivered + 50);
            Assert.Equal(stored, state.Stored);
        }
    }
}
