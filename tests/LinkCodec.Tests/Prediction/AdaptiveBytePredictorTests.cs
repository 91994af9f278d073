using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Prediction;

[Spec("7.4-1")]
[Spec("7.4-2")]
[Spec("7.4-3")]
[Spec("7.4-4")]
[Spec("7.4-5")]
public class AdaptiveBytePredictorTests : PredictorContractTests
{
    [Fact]
    public void The_weights_are_those_of_the_first_release()
    {
        using Predictor predictor = CreatePredictor();
        ulong[] hashes = PredictorRun.Hash(predictor, [Stream(0, 2000), Stream(3, 2000)]);
        Assert.Equal(0x0169D2D2E0E9B312UL, hashes[0]);
        Assert.Equal(0x0A8925440E964C8DUL, hashes[1]);
    }

    [Spec("7.2-1")]
    [Fact]
    public void Any_byte_and_the_end_may_come_at_any_time()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        uint[] weights = new uint[Predictor.ByteAlphabet];
        foreach (byte[] message in TestMessages.All())
        {
            lanes.Start(0, weights);
            foreach (byte value in message)
            {
                Assert.DoesNotContain(0u, weights);
                lanes.Step([value], weights);
            }
        }
    }

    [Fact]
    public void Past_its_end_a_lane_is_at_the_start_again()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        uint[] start = new uint[Predictor.ByteAlphabet];
        uint[] weights = new uint[Predictor.ByteAlphabet];
        lanes.Start(0, start);
        lanes.Step(['a'], weights);
        Assert.NotEqual(start, weights);
        lanes.Step([Predictor.EndSymbol], weights);
        Assert.Equal(start, weights);
    }

    [Fact]
    public void A_lane_that_was_never_started_and_a_symbol_outside_are_refused()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * Predictor.ByteAlphabet];
        lanes.Start(0, weights.AsSpan(0, Predictor.ByteAlphabet));
        Assert.Throws<InvalidOperationException>(() => lanes.Step([1, 2], weights));
        Assert.Throws<InvalidOperationException>(() => lanes.Copy(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Copy(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(-1, new uint[257]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([257], weights.AsSpan(0, 257)));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([-1], weights.AsSpan(0, 257)));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([1], weights));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([1, 1, 1], weights));
    }

    [Fact]
    public void Short_English_costs_under_four_and_a_half_bits_a_character_and_repetition_next_to_nothing()
    {
        using Predictor predictor = CreatePredictor();
        byte[] sentence =
            "I will be at the station at seven, please bring the spare battery and the blue cable with you."u8
                .ToArray();
        int once = PlainFrame.Code([sentence], predictor).Length;
        Assert.InRange(once * 8.0 / sentence.Length, 1, 4.5);
        int twice = PlainFrame.Code([[.. sentence, .. sentence]], predictor).Length;
        Assert.InRange(twice - once, 0, once / 3);
    }

    [Fact]
    public void The_prior_is_the_one_of_the_spec()
    {
        string text = File.ReadAllText(Path.Combine(VectorFile.SpecFolder, "reference", "byte_prior.txt"));
        Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), AdaptiveBytePrior.Rows);
    }

    private protected override Predictor CreatePredictor() => new AdaptiveBytePredictor();
}
