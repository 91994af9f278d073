using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

[Spec("4.5-2")]
public sealed class UnitHistoryTests
{
    [Fact]
    public void Whole_messages_in_a_row_are_forgotten_at_once_and_still_refused()
    {
        UnitHistory history = new();
        foreach (ulong i in (ulong[])[0, 2, 3, 1, 4])
        {
            Assert.True(history.TryAdd(Whole(i), Whole(i + 1)));
        }

        Assert.Equal(0, history.Count);
        Assert.All([0, 1, 2, 3, 4], i => Assert.False(history.TryAdd(Whole((ulong)i), Whole((ulong)i + 1))));
    }

    [Fact]
    public void Parts_of_unknown_length_are_told_apart_by_their_offset_until_their_message_is_released()
    {
        UnitHistory history = new();
        Assert.True(history.TryAdd(new(0, 0), null));
        Assert.True(history.TryAdd(new(0, 500), null));
        Assert.False(history.TryAdd(new(0, 500), null));
        Assert.True(history.TryAdd(new(0, 250), Whole(1)));
        Assert.True(history.TryAdd(Whole(1), Whole(2)));
        Assert.Equal(4, history.Count);
        history.ForgetBefore(1);
        Assert.Equal(0, history.Count);
        Assert.False(history.TryAdd(new(0, 400), null));
        Assert.False(history.TryAdd(Whole(1), Whole(2)));
        Assert.True(history.TryAdd(Whole(2), Whole(3)));
    }

    [Fact]
    public void It_agrees_with_a_set_for_any_order_in_which_a_window_of_units_can_come()
    {
        const ulong seed = 0x81;
        RandomSource random = RandomSource.FromSeed(seed);
        UnitHistory history = new();
        HashSet<ulong> reference = [];
        ulong newest = 0;
        for (int i = 0; i < 60_000; i++)
        {
            newest += random.NextUInt64() % 2;
            ulong back = random.NextUInt64() % SessionOptions.MaxWindowUnits;
            ulong number = newest - Math.Min(back, newest);
            UnitPosition? end = number % 7 == 0 ? null : Whole(number + 1);
            Assert.True(reference.Add(number) == history.TryAdd(Whole(number), end), $"seed {seed:x}, case {i}, unit {number}");
        }
    }

    [Fact]
    [Spec("4.3-4")]
    public void A_units_range_goes_from_its_first_frame_to_the_end_of_its_last()
    {
        byte[] unit = new byte[64];
        int length = DataFrameWriter.WriteCodedHeader(unit, 10, 5, 0, 0);
        length += DataFrameWriter.WriteStoredPartHeader(unit.AsSpan(length), 15, 100, false, 3) + 3;
        Assert.True(UnitHistory.TryGetRange(unit.AsSpan(0, length), out UnitPosition start, out UnitPosition? end, out UnitPosition last));
        Assert.Equal((new UnitPosition(10, 0), new UnitPosition(15, 103), new UnitPosition(15, 100)), (start, end!.Value, last));
        Assert.False(UnitHistory.TryGetRange(unit.AsSpan(0, length - 1), out _, out _, out _));
        Assert.False(UnitHistory.TryGetRange([], out _, out _, out _));
    }

    private static UnitPosition Whole(ulong message) => new(message, 0);
}
