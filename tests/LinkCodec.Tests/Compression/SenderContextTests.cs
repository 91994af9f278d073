using LinkCodec.Core.Compression;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>The sender's side of acknowledged context.</summary>
public sealed class SenderContextTests
{
    [Fact]
    [Spec("5.5-5")]
    public void A_sender_waits_with_its_fifth_base_for_what_leans_on_the_first()
    {
        using BitPredictor predictor = new();
        SenderContext sender = SenderContext.For(predictor, everyMessage: true)!;
        sender.Add(new OutgoingMessage(0, new byte[10]));
        for (ulong number = 1; number < 5; number++)
        {
            sender.OnAcknowledged(1); // Only the first message ever is,
            Assert.Equal(number == 1, sender.Advance());
            sender.Add(new OutgoingMessage(number, new byte[10]));
        }

        // ... then one more at a time, but each time what leans on the oldest base is late.
        List<ulong> bases = [sender.Base];
        for (ulong acknowledged = 2; acknowledged < 5; acknowledged++)
        {
            sender.OnAcknowledged(acknowledged);
            Assert.True(sender.Advance());
            sender.Add(new OutgoingMessage(sender.Next, new byte[10]));
            bases.Add(sender.Base);
        }

        Assert.Equal([1UL, 2UL, 3UL, 4UL], bases);
        Assert.False(sender.Advance());
        sender.OnAcknowledged(5); // All that leans on base 1 and more.
        Assert.True(sender.Advance());
        Assert.Equal(5UL, sender.Base);
    }

    [Fact]
    [Spec("5.5-4")]
    public void A_sender_holds_back_when_too_much_is_not_acknowledged()
    {
        using BitPredictor predictor = new();
        SenderContext sender = SenderContext.For(predictor)!;
        ulong number = 0;
        for (; sender.HasRoom; number++)
        {
            sender.Add(new OutgoingMessage(number, new byte[70_000]));
            Assert.InRange(number, 0UL, 200UL);
        }

        Assert.InRange(number * 65_600, (ulong)ContextLimits.Span / 2, (ulong)ContextLimits.Span);
        sender.OnAcknowledged(3);
        Assert.True(sender.HasRoom);
        Assert.Throws<ArgumentException>(() => sender.Add(new OutgoingMessage(number + 1, default)));
    }
}
