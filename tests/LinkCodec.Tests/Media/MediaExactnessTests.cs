using LinkCodec.Core.Media;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Every change of a prediction is another coded form: these hashes notice it.</summary>
public sealed class MediaExactnessTests
{
    private const string Fast = "9f5585e005657e1e548466ba62dcdca419c1caf2c1791bd611ce0a6bcfc5da53";
    private const string Images = "ef2f61cac1f3fcc933c0eac3a3d0443660a7b94af39f8a97651802947b3e33cc";
    private const string Videos = "4ac409fcd631387461ce18eda79e51941d6a1a6de1530e921af4757ef334fa6e";
    private const string Signals = "01aab008b7d4f1aa340799582f24637a8c73c1a6466d1dfe5c48b8f54b8e63e8";
    private const string Sounds = "ef28c726ccfea6a1f38f6ff1e4ed0c270dd07fc43ea49271a199477d8aca12f4";

    [Fact]
    public void The_coded_forms_of_signals_and_cubes_are_those_that_they_always_were() =>
        Assert.Equal(Signals, MediaRun.SignalHash());

    [Fact]
    public void The_fast_codes_are_those_that_they_always_were() => Assert.Equal(Fast, MediaRun.FastHash());

    [Fact]
    public void The_coded_forms_of_video_are_those_that_they_always_were() =>
        Assert.Equal(Videos, MediaRun.VideoHash());

    [Fact]
    public void The_coded_forms_are_those_that_they_always_were() =>
        Assert.Equal((Images, Sounds), (MediaRun.ImageHash(), MediaRun.AudioHash()));

    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void A_process_without_an_instruction_set_gives_the_same(string variable) => Assert.StartsWith(
        $"logits={Images} frequencies={Sounds}{Videos}{Signals}{Fast} ", ExactnessProcess.Run(variable, "media"),
        StringComparison.Ordinal);

    [Fact]
    public void Least_squares_find_the_weights()
    {
        LeastSquares squares = new(5);
        double[] sums = new double[squares.SumLength];
        int[] inputs = new int[5];
        int[] weights = [3, -2, 5, 0, 1];
        uint noise = 1;
        for (int i = 0; i < 100; i++)
        {
            int target = 0;
            for (int k = 0; k < inputs.Length; k++)
            {
                noise = (noise * 1664525) + 1013904223;
                inputs[k] = (int)(noise >> 22) - 512;
                target += inputs[k] * weights[k];
            }

            squares.Load(inputs, target);
            squares.Add(sums);
        }

        squares.Solve(sums, new double[sums.Length], 1);
        Assert.Equal((3 * 400) - (2 * 8) + (5 * -3) + 9, squares.Predict([400, 8, -3, 77, 9], 1, -10000, 10000));
        Assert.Equal(500, squares.Predict([400, 8, -3, 77, 9], 1, -10000, 500));
        Assert.Equal(0, squares.Predict([-400, 8, -3, 77, 9], 1, 0, 500));
    }

    [Fact]
    public void Logarithms_never_fall_and_start_at_zero()
    {
        Assert.Equal(0, Logarithm.Natural(1));
        Assert.Equal(256 * 22, Logarithm.Natural(uint.MaxValue), 100.0);
        for (uint value = 2; value < 70000; value++)
        {
            Assert.InRange(Logarithm.Natural(value) - Logarithm.Natural(value - 1), 0, 178);
        }
    }

    [Fact]
    public void The_logistic_distribution_rises_from_nothing_to_all()
    {
        Assert.Equal(LogisticDistribution.One / 2, LogisticDistribution.Below(0));
        Assert.Equal(LogisticDistribution.One - 2, LogisticDistribution.Below(long.MaxValue), 3.0);
        int before = 0;
        for (long argument = -30000; argument < 30000; argument += 7)
        {
            int below = LogisticDistribution.Below(argument);
            Assert.InRange(below, before, LogisticDistribution.One);
            before = below;
        }
    }

    [Fact]
    public void Levels_of_errors_never_fall_and_stay_below_their_number()
    {
        int levels = ErrorScale.LevelsOf(16);
        int before = 0;
        for (int error = 0; error < 300000; error += 3)
        {
            int level = ErrorScale.Level(error, levels);
            Assert.InRange(level, before, levels - 1);
            before = level;
        }

        Assert.Equal(ErrorScale.BaseLevels - 1, ErrorScale.Level(100000, ErrorScale.LevelsOf(8)));
    }
}
