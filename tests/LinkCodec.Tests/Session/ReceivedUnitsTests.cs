using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

[Spec("4.5-2")]
public sealed class ReceivedUnitsTests
{
    [Fact]
    public void Whole_messages_in_a_row_are_forgotten_at_once_and_still_refused()
    {
        ReceivedUnits units = new();
        foreach (ulong i in (ulong[])[0, 2, 3, 1, 4])
        {
            Assert.True(units.TryAdd(Whole(i), Whole(i + 1)));
        }

        Assert.Equal(0, units.Count);
        Assert.All([0, 1, 2, 3, 4], i => Assert.False(units.TryAdd(Whole((ulong)i), Whole((ulong)i + 1))));
    }

    [Fact]
    public void Parts_of_unknown_length_are_told_apart_by_their_offset_until_their_message_is_released()
    {
        ReceivedUnits units = new();
        Assert.True(units.TryAdd(new(0, 0), null));
        Assert.True(units.TryAdd(new(0, 500), null));
        Assert.False(units.TryAdd(new(0, 500), null));
        Assert.True(units.TryAdd(new(0, 250), Whole(1)));
        Assert.True(units.TryAdd(Whole(1), Whole(2)));
        Assert.Equal(4, units.Count);
        units.ForgetBefore(1);
        Assert.Equal(0, units.Count);
        Assert.False(units.TryAdd(new(0, 400), null));
        Assert.False(units.TryAdd(Whole(1), Whole(2)));
        Assert.True(units.TryAdd(Whole(2), Whole(3)));
    }

    [Fact]
    public void A_history_agrees_with_a_set_for_any_order_in_which_a_window_of_units_can_come()
    {
        const ulong seed = 0x81;
        RandomSource random = RandomSource.FromSeed(seed);
        ReceivedUnits units = new();
        HashSet<ulong> reference = [];
        ulong newest = 0;
        for (int i = 0; i < 60_000; i++)
        {
            newest += random.NextUInt64() % 2;
            ulong back = random.NextUInt64() % SessionOptions.MaxWindowUnits;
            ulong number = newest - Math.Min(back, newest);
            UnitPosition? end = number % 7 == 0 ? null : Whole(number + 1);
            Assert.True(reference.Add(number) == units.TryAdd(Whole(number), end),
                $"seed {seed:x}, case {i}, unit {number}");
        }
    }

    [Fact]
    public void A_units_range_goes_from_its_first_frame_to_the_end_of_its_last()
    {
        DataFrame coded = new() { Kind = DataFrameKind.Coded, FirstMessage = 10, Count = 5, IsLast = true };
        DataFrame part = StoredContent.PartOf(15, 0, new byte[3], room: 100, isLast: false);
        Assert.Equal(new UnitRange(Whole(10), new UnitPosition(15, 3)), UnitRange.Of([coded, part]));
        DataFrame far = StoredContent.FrameOf(20, 1, new byte[3]);
        Assert.Equal(new UnitRange(Whole(10), null), UnitRange.Of([coded, far])); // Others lie between.
    }

    [Theory]
    [InlineData(nameof(DataFrameKind.Coded), 3, true, 13UL)]
    [InlineData(nameof(DataFrameKind.StoredMany), 3, true, 13UL)]
    [InlineData(nameof(DataFrameKind.Stored), 1, true, 11UL)]
    [InlineData(nameof(DataFrameKind.Coded), 4, false, null)]
    [InlineData(nameof(DataFrameKind.BlockPart), 1, false, null)]
    public void Where_a_unit_ends_is_known_but_after_a_message_that_is_cut_in_its_code(
        string kind, int count, bool isLast, ulong? next)
    {
        DataFrame frame = new()
        {
            Kind = Enum.Parse<DataFrameKind>(kind),
            FirstMessage = 10,
            Count = count,
            IsLast = isLast,
            Payload = new byte[3],
        };
        Assert.Equal(next is ulong message ? Whole(message) : null, UnitRange.Of([frame]).End);
    }

    private static UnitPosition Whole(ulong message) => new(message, 0);
}
