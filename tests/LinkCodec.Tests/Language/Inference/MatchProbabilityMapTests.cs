using LinkCodec.Models.Language.Inference;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class MatchProbabilityMapTests
{
    private const uint One = 1 << 24;

    [Theory]
    [InlineData(1, 1, 4096 + (0 * 7424))]
    [InlineData(3, 3, 4096 + (0 * 7424))]
    [InlineData(4, 4, 4096 + (1 * 7424))]
    [InlineData(1, 0, 4096 + (2 * 7424))]
    [InlineData(32, 30, 4096 + (3 * 7424))]
    [InlineData(4, 0, 4096 + (4 * 7424))]
    [InlineData(7, 0, 4096 + (5 * 7424))]
    [InlineData(12, 0, 4096 + (6 * 7424))]
    [InlineData(20, 0, 4096 + (7 * 7424))]
    [InlineData(32, 0, 4096 + (8 * 7424))]
    [Spec("11.5-6")]
    public void Places_have_a_class_and_even_odds_lie_in_cell_sixteen(int length, int rival, int place) =>
        Assert.Equal(place, MatchProbabilityMap.Place(length, rival, 1 << 20, 1 << 21));

    [Theory]
    [InlineData(3u, 3UL, 4096 + 512)]
    [InlineData(0u, 1UL << 36, 0)]
    [InlineData(1u << 22, 1UL << 22, 7167)]
    [InlineData(1u, 1UL + (1 << 10), 4096 + 256 - 2560)]
    [Spec("11.5-7")]
    public void The_odds_are_those_of_the_network(uint weight, ulong sum, int place) =>
        Assert.Equal(place, MatchProbabilityMap.Place(1, 1, weight, sum));

    [Fact]
    [Spec("11.5-7")]
    [Spec("11.5-8")]
    public void A_share_is_at_first_the_networks_and_a_part_of_the_rest()
    {
        MatchProbabilityMap table = new();
        uint even = (One / 2) + ((One / 2) >> 8);
        uint next = (One - (One / 3)) + ((One / 3) >> 8);
        Assert.Equal(One - even, table.No(4096));
        Assert.Equal(One - next, table.No(4096 + 256));
        Assert.Equal(One - (uint)((((ulong)even * 192) + ((ulong)next * 64)) >> 8), table.No(4096 + 64));
        Assert.Equal(One - ((One / 2) + (((One / 2) >> 8) * 225)), table.No(4096 + (8 * 7424)));
        Assert.Equal(One - (255u + ((One - 255) >> 8)), table.No(0));
        Assert.InRange(table.No(7167 + (8 * 7424)), 256u, 4095u);
    }

    [Fact]
    [Spec("11.5-9")]
    public void The_nearer_cell_learns_what_came()
    {
        MatchProbabilityMap table = new();
        MatchProbabilityMap fresh = new();
        int place = 4096 + 127;
        uint share = One - table.No(4096);
        table.Learn(place, came: true);
        Assert.Equal(One - (share + ((One - share) / 10)), table.No(4096));
        Assert.Equal(fresh.No(4096 + 256), table.No(4096 + 256));
        table.CopyFrom(fresh);
        table.Learn(place + 1, came: false);
        share = One - fresh.No(4096 + 256);
        Assert.Equal(fresh.No(4096), table.No(4096));
        Assert.Equal(One - (share - (share / 10)), table.No(4096 + 256));
    }

    [Fact]
    [Spec("11.5-9")]
    public void Neither_answer_ever_loses_all_its_slots()
    {
        MatchProbabilityMap table = new();
        for (int i = 0; i < 20_000; i++)
        {
            table.Learn(256, came: false);
            table.Learn(512, came: true);
        }

        Assert.Equal((One - 256, 256u), (table.No(256), table.No(512)));
    }
}
