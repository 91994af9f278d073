using System.Text;
using LinkCodec.State;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.State;

public sealed class SenderStateTests
{
    // The files of the log.
    private static IEnumerable<string> Files(PowerCutFiles disk) =>
        disk.Names().Where(name => name.StartsWith("queue-", StringComparison.Ordinal));

    [Fact]
    public async Task Messages_that_were_stored_are_there_after_a_kill()
    {
        PowerCutFiles disk = new();
        SenderState first = SenderState.Open(disk, 7);
        await StoreAsync(first, 0, 1000);
        await first.DeliverAsync(300);
        await first.BeginSessionAsync();

        using SenderState second = SenderState.Open(disk.AfterKill(), 8);
        Assert.Equal((7UL, 1000UL, 300UL, 1UL), (second.Queue, second.Stored, second.Delivered, second.Epoch));
        Assert.Equal(Enumerable.Range(300, 700).Select(Text), ReadAll(second, 300));
        await StoreAsync(second, 1000, 1);
        Assert.Equal([Text(1000)], ReadAll(second, 1000));
    }

    [Fact]
    [Spec("4.8-1")]
    public async Task A_message_is_read_once_it_is_stored_and_not_before()
    {
        using SenderState state = SenderState.Open(new PowerCutFiles(), 7);
        QueueCursor cursor = state.ReadFrom(0);
        Assert.False(cursor.TryNext(out _));
        await StoreAsync(state, 0, 1);
        Assert.True(cursor.TryNext(out QueuedMessage message));
        Assert.Equal((0UL, Text(0)), (message.Number, Encoding.ASCII.GetString(message.Content)));
        Assert.False(cursor.TryNext(out _));
    }

    [Fact]
    public async Task Who_stores_at_the_same_time_shares_a_sync()
    {
        PowerCutFiles disk = new();
        using SenderState state = SenderState.Open(disk, 7);
        int before = disk.Syncs;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => StoreAsync(state, i, 1)));
        Assert.InRange(disk.Syncs - before, 1, 500);
        Assert.Equal(Enumerable.Range(0, 1000).Select(Text), ReadAll(state, 0));
    }

    [Fact]
    public async Task Bytes_written_are_within_the_bound()
    {
        PowerCutFiles disk = new();
        using SenderState state = SenderState.Open(disk, 7);
        long bytes = 0;
        for (int i = 0; i < 2000; i++)
        {
            bytes += Text(i).Length;
            await StoreAsync(state, i, 1);
            await state.DeliverAsync((ulong)i);
        }

        Assert.True(disk.Written <= (bytes * 3 / 2) + (64 * 2000), $"{disk.Written} bytes for {bytes}");
    }

    [Fact]
    public async Task Files_go_once_all_in_them_is_delivered()
    {
        PowerCutFiles disk = new();
        using SenderState state = SenderState.Open(disk, 7);
        byte[] large = new byte[3 << 20];
        for (ulong i = 0; i < 20; i++)
        {
            await state.StoreAsync([large], InputForm.None);
        }

        Assert.InRange(Files(disk).Count(), 4, 5);
        await state.DeliverAsync(19);
        Assert.Single(Files(disk));
        Assert.True(state.ReadFrom(19).TryNext(out QueuedMessage last));
        Assert.Equal(large, last.Content);
        await state.DeliverAllAsync();
        await StoreAsync(state, 0, 1);
        Assert.True(disk.Read(Files(disk).Single()).Length < 1000);
    }

    [Fact]
    public async Task The_position_in_the_input_goes_with_the_messages()
    {
        PowerCutFiles disk = new();
        SenderState first = SenderState.Open(disk, 7);
        byte[] input = "one\ntwo\nthr"u8.ToArray();
        first.BeginInput(InputMark.Of("/in"));
        await first.StoreAsync(["one"u8.ToArray(), "two"u8.ToArray()], InputForm.Line);

        using SenderState second = SenderState.Open(disk.AfterKill(), 8);
        InputMark mark = await QueuedInput.SkipAsync(new MemoryStream(input), second.Input, InputMark.Of("/in"));
        Assert.Equal((8UL, 2UL), (mark.Position, mark.Count));
        Assert.Equal(0UL, (await QueuedInput.SkipAsync(new MemoryStream(input), second.Input, InputMark.Of("/other")))
            .Position);
        input[5] ^= 1;
        Assert.Equal(0UL, (await QueuedInput.SkipAsync(new MemoryStream(input), second.Input, InputMark.Of("/in")))
            .Position);
        Assert.Equal(0UL, (await QueuedInput.SkipAsync(new MemoryStream(input, 0, 7), second.Input,
            InputMark.Of("/in"))).Position);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_what_was_stored_stays()
    {
        PowerCutFiles disk = new();
        SenderState state = SenderState.Open(disk, 7);
        await StoreAsync(state, 0, 10);
        disk.Room = 30;
        LinkStateException told = await Assert.ThrowsAsync<LinkStateException>(() => StoreAsync(state, 10, 10));
        Assert.Contains("No space left", told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LinkStateException>(() => StoreAsync(state, 10, 1));

        using SenderState next = SenderState.Open(disk.AfterKill(), 8);
        Assert.Equal(Enumerable.Range(0, 10).Select(Text), ReadAll(next, 0));
    }

    [Fact]
    public async Task Another_version_is_refused()
    {
        PowerCutFiles disk = new();
        await StoreAsync(SenderState.Open(disk, 7), 0, 10);
        disk.Change(Files(disk).Single(), bytes => bytes[8]++);
        LinkStateException told = Assert.Throws<LinkStateException>(() => SenderState.Open(disk, 7));
        Assert.Contains("another version", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_the_middle_is_named_when_it_is_read()
    {
        PowerCutFiles disk = new();
        SenderState state = SenderState.Open(disk, 7);
        await state.StoreAsync([new byte[17 << 20]], InputForm.None);
        await StoreAsync(state, 1, 1);
        disk.Change(Files(disk).Order(StringComparer.Ordinal).First(), bytes => bytes[1 << 20]++);
        using SenderState next = SenderState.Open(disk, 8);
        LinkStateException told = Assert.Throws<LinkStateException>(() => next.ReadFrom(0).TryNext(out _));
        Assert.Contains("message 0 ", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torn_end_is_cut_off()
    {
        PowerCutFiles disk = new();
        await StoreAsync(SenderState.Open(disk, 7), 0, 10);
        string name = Files(disk).Single();
        for (int cut = 1; cut < 20; cut++)
        {
            PowerCutFiles torn = disk.AfterKill();
            torn.Change(name, bytes => bytes.RemoveRange(bytes.Count - cut, cut));
            using SenderState next = SenderState.Open(torn, 8);
            Assert.Equal(9UL, next.Stored);
            await StoreAsync(next, 9, 1);
            Assert.Equal(Enumerable.Range(0, 10).Select(Text), ReadAll(next, 0));
        }
    }

    internal static string Text(int number) => FormattableString.Invariant($"message {number:D6}");

    internal static List<string> ReadAll(SenderState state, ulong from)
    {
        List<string> all = [];
        QueueCursor cursor = state.ReadFrom(from);
        while (cursor.TryNext(out QueuedMessage message))
        {
            all.Add(Encoding.ASCII.GetString(message.Content));
        }

        return all;
    }

    internal static Task StoreAsync(SenderState state, int first, int count) => state.StoreAsync(
        [.. Enumerable.Range(first, count).Select(i => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(Text(i)))],
        InputForm.None);
}
