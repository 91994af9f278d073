using LinkCodec.Models.Language.Inference;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class EndProbabilityMapTests
{
    private const uint One = 1 << 24;

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData('a', 1, 1)]
    [InlineData('a', 63, 1)]
    [InlineData('a', 64, 4)]
    [InlineData('\n', 1, 2)]
    [InlineData('\r', 500, 2)]
    [InlineData('.', 63, 3)]
    [InlineData('}', 64, 5)]
    [Spec("11.4-1")]
    public void What_stands_before_and_how_much_of_it_makes_the_class(int before, int elements, int type) =>
        Assert.Equal((24 * type) + 7, EndProbabilityMap.Cell(before, elements, 7));

    [Fact]
    [Spec("11.4-2")]
    public void Ends_are_predicted_by_constants_at_first()
    {
        EndProbabilityMap table = new();
        Assert.Equal(
            [64u << 8, 11u << 8, 46_900u << 8, 17u << 8, 54_900u << 8, 175u << 8, 59_300u << 8],
            ((int[])[5, 24, 47, 48, 95, 96, 143]).Select(cell => One - table.No(cell)));
    }

    [Fact]
    [Spec("11.4-3")]
    public void A_cell_learns_from_what_came()
    {
        EndProbabilityMap table = new();
        uint probability = One - table.No(30);
        table.Learn(30, ended: true);
        Assert.Equal(probability + ((One - probability) / 10), One - table.No(30));
        probability = One - table.No(30);
        table.Learn(30, ended: false);
        Assert.Equal(probability - (probability / 11), One - table.No(30));
        for (int i = 0; i < 5000; i++)
        {
            table.Learn(30, ended: false);
            table.Learn(31, ended: true);
        }

        Assert.Equal((One - 256, 256u), (table.No(30), table.No(31)));
    }
}
