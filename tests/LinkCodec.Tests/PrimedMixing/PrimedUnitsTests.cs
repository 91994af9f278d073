using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.PrimedMixing;

/// <summary>Messages that become units of codes of primed mixing, and back.</summary>
public sealed class PrimedUnitsTests
{
    private const int UnitSize = 1150;

    [Fact]
    public void Messages_share_units_that_are_full_and_much_shorter()
    {
        OutgoingMessage[] messages = Numbered([.. Enumerable.Repeat(PrimedRun.Messages(), 4).SelectMany(all => all)]);
        List<PackedUnit> units = new PrimedUnits().Pack(messages, UnitSize, endsShort: true, out int leftOver);
        Assert.Equal(0, leftOver);
        Assert.Equal(Join(messages), Restore(units));
        Assert.All(units, unit => Assert.InRange(unit.ToBytes(false, UnitSize).Length, 1, UnitSize));
        Assert.True(units.Sum(unit => unit.PayloadBytes) * 3 < messages.Sum(message => message.Content.Length));
    }

    [Fact]
    public void A_unit_that_is_not_full_is_left_over_where_more_follows()
    {
        OutgoingMessage[] messages = Numbered(PrimedRun.Messages());
        List<PackedUnit> units = new PrimedUnits().Pack(messages, UnitSize, endsShort: false, out int leftOver);
        Assert.InRange(leftOver, 1, messages.Length - 1);
        Assert.Equal(Join(messages[..^leftOver]), Restore(units));
    }

    [Fact]
    public void Long_messages_are_cut_and_what_does_not_shrink_is_stored()
    {
        TestRandom random = new(16);
        byte[] text = [.. Enumerable.Repeat(PrimedRun.Messages(), 9).SelectMany(all => all)
            .SelectMany(message => message.ToArray())];
        OutgoingMessage[] messages = Numbered(text, random.Bytes(5000), new byte[70_000], random.Bytes(90),
            "x"u8.ToArray(), Array.Empty<byte>(), text[..20_000]);
        List<PackedUnit> units = new PrimedUnits().Pack(messages, UnitSize, endsShort: true, out _);
        Assert.Equal(Join(messages), Restore(units));
        DataFrameKind[] kinds = [.. units.SelectMany(unit => unit.Frames).Select(frame => frame.Kind).Distinct()];
        Assert.Contains(DataFrameKind.PrimedPart, kinds);
        Assert.Contains(DataFrameKind.StoredPart, kinds);
        Assert.InRange(units.Sum(unit => unit.PayloadBytes), 5090, 5090 + (text.Length / 3) + (70_000 / 60) + 8000);
    }

    [Fact]
    [Spec("16.1-4")]
    public void A_code_with_another_check_or_too_much_content_gives_nothing()
    {
        DataFrame frame = new PrimedUnits()
            .Pack(Numbered(PrimedRun.Messages()), UnitSize, endsShort: true, out _)[0].Frames[0];
        PrimedDecoder decoder = new(PrimedModel.BuiltIn);
        Assert.Equal(LinkErrorCode.None, PrimedUnits.Decode(frame, 65_536, decoder).Error);
        Assert.Equal(LinkErrorCode.ModelDivergence,
            PrimedUnits.Decode(frame with { Check = frame.Check ^ 1 }, 65_536, decoder).Error);
        Assert.Equal(LinkErrorCode.LimitExceeded, PrimedUnits.Decode(frame, 1000, decoder).Error);
        Assert.Equal(LinkErrorCode.LimitExceeded, PrimedUnits.Decode(frame, -1, decoder).Error);
    }

    private static OutgoingMessage[] Numbered(params ReadOnlyMemory<byte>[] contents) =>
        [.. contents.Select((content, i) => new OutgoingMessage((ulong)i, content))];

    private static List<(ulong, string)> Join(IEnumerable<OutgoingMessage> messages) =>
        [.. messages.Select(message => (message.Number, Convert.ToHexString(message.Content.Span)))];

    // As a receiver does, from the bytes of the units.
    private static List<(ulong, string)> Restore(IReadOnlyList<PackedUnit> units)
    {
        List<IReadOnlyList<DataFrame>> parsed = [.. units.Select(unit =>
        {
            List<DataFrame> frames = [];
            Assert.True(DataFrame.TryParse(unit.ToBytes(false, UnitSize), frames));
            return frames;
        })];
        DecodingBatch batch = new(parsed);
        PrimedDecoder decoder = new(PrimedModel.BuiltIn);
        for (int i = batch.PrimedCount - 1; i >= 0; i--)
        {
            batch.DecodePrimed(i, decoder); // in any order
        }

        SortedDictionary<ulong, string> messages = [];
        foreach (DecodedFrame frame in batch.Results)
        {
            Assert.Equal(LinkErrorCode.None, frame.Error);
            for (int i = 0; i < frame.Messages.Count; i++)
            {
                ulong number = frame.Frame.FirstMessage + (ulong)i;
                string before = messages.GetValueOrDefault(number, "");
                Assert.Equal(frame.Frame.Offset, (ulong)before.Length / 2);
                messages[number] = before + Convert.ToHexString(frame.Messages[i].Span);
            }
        }

        return [.. messages.Select(pair => (pair.Key, pair.Value))];
    }
}
