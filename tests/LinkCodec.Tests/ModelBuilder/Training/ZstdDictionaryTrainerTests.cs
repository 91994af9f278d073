using LinkCodec.ModelBuilder.Training;
using LinkCodec.Models.Zstd;
using LinkCodec.Tests.Zstd;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Training;

public sealed class ZstdDictionaryTrainerTests
{
    private static readonly TrainingFile Many = new("lines.txt", TestBlocks.Lines(3_000));

    [Fact]
    public void Equal_messages_give_equal_bytes_that_zstd_takes()
    {
        byte[] first = ZstdDictionaryTrainer.Train(TestBlocks.Recipe(100), [Many]);
        Assert.InRange(first.Length, 1_024, ZstdDictionaryTrainer.Size);
        Assert.Equal(first, ZstdDictionaryTrainer.Train(TestBlocks.Recipe(100), [Many]));
        Assert.NotEqual(first, ZstdDictionaryTrainer.Train(TestBlocks.Recipe(50), [Many]));
        new ZstdCompressorFactory(first, "test").Create().Dispose();
    }

    [Fact]
    public void Where_there_is_nothing_to_learn_from_there_is_no_dictionary()
    {
        Assert.Empty(ZstdDictionaryTrainer.Train(TestBlocks.Recipe(0), [Many]));
        Assert.Empty(ZstdDictionaryTrainer.Train(TestBlocks.Recipe(100), [new("few.txt", TestBlocks.Lines(2))]));
        Assert.Empty(ZstdDictionaryTrainer.Train(TestBlocks.Recipe(100), []));
    }
}
