using LinkCodec.Core.PrimedMixing;
using LinkCodec.ModelBuilder.Training;
using Xunit;

namespace LinkCodec.Tests.PrimedMixing;

public sealed class PrimedTrainingTests
{
    [Fact]
    public void Tables_learn_what_they_are_trained_on_and_come_out_the_same_each_time()
    {
        PrimedModel trained = Train(out List<double> rounds);
        Assert.True(rounds[^1] < 1.5, $"{rounds[^1]} bits a byte of lines that it has seen alike");
        byte[] content = PrimedFile.Write(trained);
        Assert.Equal(content, PrimedFile.Write(Train(out _)));
        Assert.True(PrimedFile.TryRead(content, out PrimedModel? read));
        Assert.Equal(content, PrimedFile.Write(read));
    }

    private static PrimedModel Train(out List<double> rounds)
    {
        byte[][] messages = [.. PrimedRun.Messages().Select(message => message.ToArray())];
        IReadOnlyList<byte[]>[] runs = [.. messages.Chunk(10)];
        PrimedTrainer trainer = new([8, 10, 10, 10, 10, 10, 10, 10]);
        trainer.Prime(runs.Where((_, i) => i % 2 == 0));
        List<double> told = [];
        PrimedModel model = trainer.Fit([.. runs.Where((_, i) => i % 2 == 1)], told.Add);
        rounds = told;
        return model;
    }
}
