using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

public sealed class HostileContextTests
{
    [Fact]
    [Spec("5.5-6")]
    public void A_base_beyond_what_came_gives_nothing()
    {
        ReceiverContext receiver = Fed(10);
        receiver.Add(new ReceivedMessage(11, new byte[3]));
        Assert.Equal(LinkErrorCode.MessageLost, receiver.TryGet(11, out StreamContext? context));
        Assert.Null(context);
        Assert.Equal(LinkErrorCode.MessageLost, receiver.TryGet(ulong.MaxValue, out context));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(10, out context));
        receiver.Add(new ReceivedMessage(10, new byte[3]));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(12, out context));
    }

    [Fact]
    [Spec("5.5-5")]
    [Spec("5.5-6")]
    public void The_four_highest_bases_are_kept_and_older_ones_refused()
    {
        ReceiverContext receiver = Fed(100);
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(40, out StreamContext? forty));
        foreach (ulong contextBase in new ulong[] { 60, 50, 70, 55 })
        {
            Assert.Equal(LinkErrorCode.None, receiver.TryGet(contextBase, out _));
        }

        Assert.Equal(LinkErrorCode.Malformed, receiver.TryGet(40, out _)); // 50, 55, 60 and 70 are there.
        Assert.Equal(LinkErrorCode.Malformed, receiver.TryGet(49, out _));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(50, out StreamContext? fifty));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(65, out _));
        Assert.Equal(LinkErrorCode.Malformed, receiver.TryGet(50, out _));
        Assert.NotSame(forty, fifty);
    }

    [Fact]
    public void Contexts_in_use_are_not_used_again()
    {
        ReceiverContext receiver = Fed(100);
        HashSet<StreamContext> asked = [];
        for (ulong contextBase = 1; contextBase <= 10; contextBase++)
        {
            Assert.Equal(LinkErrorCode.None, receiver.TryGet(contextBase, out StreamContext? context));
            Assert.True(asked.Add(context!));
        }

        receiver.Recycle();
        int again = 0;
        for (ulong contextBase = 11; contextBase <= 50; contextBase++)
        {
            Assert.Equal(LinkErrorCode.None, receiver.TryGet(contextBase, out StreamContext? context));
            again += asked.Add(context!) ? 0 : 1;
            receiver.Recycle();
        }

        Assert.Equal(40, again);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void Contexts_are_what_they_say_in_whatever_order_they_are_named(ulong seed)
    {
        TestRandom random = new(seed);
        using BitPredictor predictor = new();
        ReceiverContext receiver = ReceiverContext.For(predictor)!;
        byte[][] messages = [.. Enumerable.Range(0, 300).Select(i => Messages.Text(random.Next(60), (ulong)i))];
        int added = 0;
        int found = 0;
        while (added < messages.Length)
        {
            receiver.Add(new ReceivedMessage((ulong)added, messages[added]));
            added++;
            ulong asked = 1 + (ulong)random.Next(added);
            if (receiver.TryGet(asked, out StreamContext? context) == LinkErrorCode.None)
            {
                found++;
                StreamContext plain = predictor.CreateContext();
                foreach (byte[] message in messages[..(int)asked])
                {
                    plain.Absorb(message);
                }

                Assert.Equal(Code(predictor, plain), Code(predictor, context!));
            }

            if (random.Next(3) == 0)
            {
                receiver.Recycle();
            }
        }

        Assert.True(found > 5);
    }

    [Fact]
    [Spec("5.5-4")]
    public void What_is_kept_is_bounded_and_the_last_eight_megabytes_can_be_named()
    {
        ReceiverContext receiver = ReceiverContext.For(new BitPredictor())!;
        byte[] content = new byte[60_000];
        ulong number = 0;
        for (; number < 400; number++)
        {
            receiver.Add(new ReceivedMessage(number, content));
            Assert.InRange(receiver.Held, 1, ContextLimits.Span);
        }

        ulong reach = (ulong)(ContextLimits.Span / (60_000 + ContextLimits.MessageCost));
        Assert.Equal(LinkErrorCode.Malformed, receiver.TryGet(number - reach - 1, out _));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(number - reach, out _));
    }

    [Fact]
    public void Empty_messages_are_bounded_too()
    {
        ReceiverContext receiver = Fed(0);
        for (ulong number = 0; number < 200_000; number++)
        {
            receiver.Add(new ReceivedMessage(number, default));
        }

        Assert.InRange(receiver.Held, 1, ContextLimits.Span);
    }

    [Fact]
    [Spec("5.5-4")]
    public void A_peer_that_runs_ahead_of_a_gap_is_not_followed()
    {
        ReceiverContext receiver = Fed(1);
        for (ulong number = 2; number < 1_000; number++)
        {
            receiver.Add(new ReceivedMessage(number, new byte[30_000]));
            Assert.InRange(receiver.Held, 1, 2 * ContextLimits.Span);
        }

        receiver.Add(new ReceivedMessage(1, new byte[1]));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(1, out _));
        Assert.Equal(LinkErrorCode.MessageLost, receiver.TryGet(2, out _));
    }

    private static ReceiverContext Fed(int messages)
    {
        ReceiverContext receiver = ReceiverContext.For(new BitPredictor())!;
        for (int i = 0; i < messages; i++)
        {
            receiver.Add(new ReceivedMessage((ulong)i, ContextTests.Reading(i)));
        }

        return receiver;
    }

    private static string Code(Predictor predictor, StreamContext context) => string.Join(
        ',', ContextTests.Encode(predictor, Messages.Number([ContextTests.Reading(4)], first: 1_000), context, 1)[0]
            .Decisions!);
}
