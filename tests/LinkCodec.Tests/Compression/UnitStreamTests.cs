using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Compression;

/// <summary>The order in which units leave a stream.</summary>
public sealed class UnitStreamTests
{
    [Fact]
    public void A_unit_that_is_not_full_is_not_overtaken_by_what_is_coded_elsewhere()
    {
        using AdaptiveBytePredictor predictor = new();
        using ContextPool pool = new(predictor);
        using UnitStream stream = new(predictor, pool, 1180, isChained: false);
        using MessageEncoder encoder = new(predictor, 1);
        EncodingBatch batch = stream.Begin([new OutgoingMessage(0, "a short message"u8.ToArray())], 1,
            ContentHint.Auto);
        encoder.Run(batch);
        stream.End(batch);
        Assert.False(stream.TryTake(mayClose: false, out _));

        stream.CloseOpen();
        StoredContent.Pack([new OutgoingMessage(1, new byte[1000])], 1180).ForEach(stream.Add);

        Assert.True(stream.TryTake(mayClose: false, out PackedUnit? first));
        Assert.True(stream.TryTake(mayClose: false, out PackedUnit? second));
        Assert.Equal((0UL, 1UL), (first.First, second.First));
        Assert.True(stream.IsEmpty);
    }
}
