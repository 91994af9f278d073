using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>Both sides of acknowledged context, with every misfortune of a link between them.</summary>
public sealed class ContextLinkTests
{
    private const int UnitSize = 200;

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(12);

    [Theory]
    [MemberData(nameof(Seeds))]
    [Spec("5.5-1")]
    [Spec("5.5-4")]
    [Spec("5.5-5")]
    [Spec("5.5-7")]
    public void Whatever_is_lost_late_or_twice_each_frame_finds_its_context(ulong seed)
    {
        TestRandom random = new(seed);
        Outcome outcome = Run(random, lossPercent: (int)(seed % 3) * 30, answers: true);
        Assert.True(outcome.Bases.Distinct().Count() > 5, $"seed {seed}: {outcome.Bases.Distinct().Count()} bases");
    }

    [Fact]
    [Spec("5.5-7")]
    public void Where_no_report_comes_back_everything_starts_from_nothing() =>
        Assert.All(Run(new TestRandom(5), lossPercent: 0, answers: false).Bases,
            contextBase => Assert.Equal(0UL, contextBase));

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

    private static Outcome Run(TestRandom random, int lossPercent, bool answers)
    {
        using BitPredictor predictor = new();
        SenderContext sender = SenderContext.For(predictor)!;
        ReceiverContext receiver = ReceiverContext.For(predictor)!;
        AcknowledgedMessages acknowledged = new();
        UnitPacker packer = new(UnitSize, predictor.FrequencyBits);
        MessageAssembler assembler = new(ordered: random.Next(2) == 0);
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 400)
            .Select(i => random.Next(20) == 0 ? Messages.Text(random.Next(2_000), (ulong)i) : ContextTests.Reading(i)));
        List<(long Id, PackedUnit Unit)> underWay = [];
        List<long> reports = [];
        List<ulong> bases = [];
        HashSet<long> arrived = [];
        Dictionary<ulong, ReadOnlyMemory<byte>> given = [];
        int next = 0;
        long id = 0;
        while (given.Count < messages.Length)
        {
            switch (random.Next(3))
            {
                case 0 when next < messages.Length && underWay.Count < 60:
                    sender.Advance();
                    OutgoingMessage[] batch = messages[next..Math.Min(messages.Length, next + 1 + random.Next(6))];
                    foreach (EncodedMessage message in ContextTests.Encode(predictor, batch,
                        sender.Current, sender.Base))
                    {
                        packer.Add(message);
                        sender.Add(message.Source);
                    }

                    next += batch.Length;
                    while (packer.HasPending)
                    {
                        PackedUnit unit = packer.Build();
                        acknowledged.OnSent(id, unit.EndMessage);
                        underWay.Add((id++, unit));
                    }

                    break;
                case 1 when underWay.Count > 0 && random.Next(100) >= lossPercent:
                    // Any of the oldest arrives, and may arrive again.
                    int at = random.Next(Math.Min(underWay.Count, 12));
                    (long unitId, PackedUnit arriving) = underWay[at];
                    if (random.Next(4) > 0)
                    {
                        underWay.RemoveAt(at);
                    }

                    if (arrived.Add(unitId)) // The session sees to that.
                    {
                        Deliver(arriving);
                    }

                    reports.Add(unitId);
                    break;
                case 2 when answers && reports.Count > 0:
                    // Reports come late, in any order, and repeat themselves.
                    for (int i = random.Next(8); i > 0 && reports.Count > 0; i--)
                    {
                        int which = random.Next(reports.Count);
                        acknowledged.OnAcknowledged(reports[which]);
                        sender.OnAcknowledged(acknowledged.End);
                        if (random.Next(8) > 0)
                        {
                            reports.RemoveAt(which);
                        }
                    }

                    break;
            }
        }

        foreach (OutgoingMessage message in messages)
        {
            Assert.True(message.Content.Span.SequenceEqual(given[message.Number].Span), $"message {message.Number}");
        }

        return new Outcome(bases);

        void Deliver(PackedUnit unit)
        {
            foreach (DataFrame frame in ContextTests.Parse([unit]))
            {
                StreamContext? context = null;
                if (frame.IsCoded)
                {
                    bases.Add(frame.Base);
                }

                Assert.Equal(LinkErrorCode.None,
                    frame.Base == 0 ? LinkErrorCode.None : receiver.TryGet(frame.Base, out context));
                DecodedFrame decoded = ContextTests.Decode(predictor, [frame], context)[0];
                receiver.Recycle();
                Assert.Equal(LinkErrorCode.None, decoded.Error);
                Assert.Equal(LinkErrorCode.None, assembler.Add(decoded));
                while (assembler.TryTake(out ReceivedMessage message))
                {
                    receiver.Add(message);
                    given.Add(message.Number, message.Content);
                }
            }
        }
    }

    private sealed record Outcome(List<ulong> Bases);
}
