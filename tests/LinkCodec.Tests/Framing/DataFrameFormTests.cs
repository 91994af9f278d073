using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using Xunit;

namespace LinkCodec.Tests.Framing;

/// <summary>The forms that a data frame can have: what each says, and what none may say.</summary>
public sealed class DataFrameFormTests
{
    private static readonly DataFrame Coded = new()
    {
        Kind = DataFrameKind.Coded,
        FirstMessage = 300,
        Count = 1,
        IsLast = true,
        Check = 0xABCD,
        Payload = "code"u8.ToArray(),
    };

    /// <summary>A frame of each form, whether it runs to the segment's end, its type and its header's length.</summary>
    public static TheoryData<string, bool, int, int> Forms => new()
    {
        { "SHORT", true, 0x80, 1 + 1 + 2 },
        { "SHORT with slots", true, 0x8E, 1 + 1 + 2 },
        { "ONE", true, 0x90, 1 + 2 + 2 },
        { "ONE", false, 0xA0, 1 + 1 + 2 + 2 },
        { "MANY", true, 0xB0, 1 + 2 + 2 + 3 },
        { "MANY", false, 0xC0, 1 + 1 + 2 + 2 + 3 },
        { "MANY with cut", true, 0xB0, 1 + 2 + 2 + 3 },
        { "ONE with cut", true, 0xB0, 1 + 2 + 1 + 3 },
        { "REST", true, 0xD0, 1 + 2 + 4 + 1 + 3 },
        { "REST", false, 0xE0, 1 + 1 + 2 + 4 + 1 + 3 },
        { "REST with cut", true, 0xD0, 1 + 2 + 4 + 1 + 3 },
        { "BLOCK", true, 0x10, 1 + 2 + 2 + 3 },
        { "BLOCK", false, 0x11, 1 + 1 + 2 + 2 + 3 },
        { "STORED", true, 0x12, 1 + 2 },
        { "BLOCK PART", true, 0x14, 1 + 2 + 4 + 1 + 3 },
        { "PRIMED", true, 0x1E, 1 + 2 + 2 + 3 },
        { "PRIMED", false, 0x1F, 1 + 1 + 2 + 2 + 3 },
        { "PRIMED PART", true, 0x20, 1 + 2 + 4 + 1 + 3 },
        { "PRIMED PART", false, 0x21, 1 + 1 + 2 + 4 + 1 + 3 },
        { "STORED PART", false, 0x17, 1 + 1 + 2 + 4 + 1 },
        { "STORED MANY of 300", true, 0x1A, 1 + 2 + 2 },
        { "STORED MANY of 300", false, 0x1B, 1 + 2 + 2 + 2 },
        { "STORED MANY of 8,191", true, 0x1A, 1 + 2 + 2 },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_form_has_its_type_and_header_and_reads_back(string name, bool toEnd, int type, int header)
    {
        DataFrame frame = Frame(name);
        byte[] bytes = new byte[DataFrameWriter.Length(frame, toEnd)];
        DataFrameWriter.Write(bytes, frame, toEnd);
        Assert.Equal((type, header), (bytes[0], bytes.Length - frame.Payload.Length));

        // With a length, another frame can follow.
        List<DataFrame> read = [];
        Assert.True(DataFrame.TryParse((byte[])[.. bytes, .. toEnd ? default : "\u0012\u0007end"u8], read));
        Assert.Equal(toEnd ? 1 : 2, read.Count);
        DataFrame expected = frame.IsShort ? frame with { FirstMessage = (byte)frame.FirstMessage } : frame;
        Assert.Equal(expected with { Payload = default }, read[0] with { Payload = default });
        Assert.True(frame.Payload.Span.SequenceEqual(read[0].Payload.Span));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(8_191)]
    [Spec("4.3-6")]
    public void Stored_messages_of_a_frame_come_apart_again(int count)
    {
        ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, count)
            .Select(i => new ReadOnlyMemory<byte>(Compression.Messages.Random(i % 5, (ulong)i)))];
        DataFrame frame = StoredContent.FrameOf(7, count, StoredContent.Join(messages));
        byte[] bytes = new byte[DataFrameWriter.Length(frame, toEnd: true)];
        DataFrameWriter.Write(bytes, frame, toEnd: true);
        List<DataFrame> read = [];
        Assert.True(DataFrame.TryParse(bytes, read));
        Assert.Equal(messages.Select(m => Convert.ToHexString(m.Span)),
            DataFrame.Split(read[0].Payload, read[0].Count)!.Select(m => Convert.ToHexString(m.Span)));
        Assert.Null(DataFrame.Split(read[0].Payload[..(count / 2)], count));
    }

    [Fact]
    public void One_message_takes_24_bytes_beside_its_code_and_300_take_no_more_than_30()
    {
        byte[] one = new PackedUnit([Coded with { FirstMessage = 100_000 }], null).ToBytes(isShort: true, 1_180);
        Assert.Equal(24, one.Length - Coded.Payload.Length + SegmentSealer.Overhead);
        Assert.InRange(
            DataFrameWriter.HeaderLength(Coded with { FirstMessage = 1_000_000, Count = 300 }, toEnd: true), 1, 10);
    }

    [Fact]
    [Spec("4.3-7")]
    public void A_number_that_is_said_in_short_can_be_said_in_full()
    {
        DataFrame full = Coded with { FirstMessage = 70_000, Base = 2, Keep = 1 };
        byte[] expected = new PackedUnit([full], null).ToBytes(isShort: false, 1_180);
        byte[] said = new PackedUnit([full], null).ToBytes(isShort: true, 1_180);
        Assert.Equal(expected, DataFrameWriter.SayNumber(said, 70_000));
        Assert.Same(expected, DataFrameWriter.SayNumber(expected, 70_000));
        Assert.Empty(DataFrameWriter.SayNumber([], 1));

        // A unit that could not grow when it is sent again says it in full at once, and so does one of several
        // messages, or of a part of one.
        Assert.Equal(expected, new PackedUnit([full], null).ToBytes(isShort: true, expected.Length - 1));
        Assert.NotEqual(expected, new PackedUnit([full], null).ToBytes(isShort: true, expected.Length));
        foreach (DataFrame other in (DataFrame[])[full with { Count = 2 }, full with { IsLast = false },
            full with { Offset = 1 }])
        {
            PackedUnit unit = new([other], null);
            Assert.Equal(unit.ToBytes(isShort: false, 1_180), unit.ToBytes(isShort: true, 1_180));
        }
    }

    [Theory]
    [InlineData("F0000000000000", "a form that there is not")]
    [InlineData("D00000040000000000", "a rest that begins at 0")]
    [InlineData("E0080000040000000000", "a rest with a length that begins at 0")]
    [InlineData("B0000200000000", "one whole message in a frame of many")]
    [InlineData("B0000000000000", "no message")]
    [InlineData("B0000100000000", "no message, cut")]
    [InlineData("B00080004000000000", "8,192 messages")]
    [InlineData("100000000000", "a block of no message")]
    [InlineData("10006000000000", "a block of 8,192 messages")]
    [InlineData("1A000141", "one message in a frame of stored ones")]
    [InlineData("1A006000", "8,192 stored messages")]
    [InlineData("B0FFFFFFFFFFFFFFFF04000000", "a number beyond the last")]
    [InlineData("80", "no number")]
    [InlineData("8005AB", "a check of one byte for a message")]
    [InlineData("9005AB", "a check of one byte for a message with its number")]
    [InlineData("B00504ABCD", "a check of two bytes for two messages")]
    [InlineData("D0050104ABCD", "a check of two bytes for the rest of two messages")]
    [InlineData("100501ABCD", "a check of two bytes for a block")]
    [InlineData("A00205ABCDEF", "a check that reaches beyond the frame's length")]
    [Spec("4.3-1")]
    public void What_no_frame_may_say_is_refused(string hex, string why) => AssertRefused(hex, why);

    [Theory]
    [InlineData("13020041" + "8005ABCD", "a short number behind another frame")]
    [InlineData("A00300ABCD" + "8001ABCD", "a short number behind a code")]
    [InlineData("A00300ABCD" + "9401ABCD", "a second code with a base")]
    [InlineData("A40300ABCD" + "13020141" + "9802ABCD", "a second code with a base of its own")]
    [Spec("4.3-5")]
    public void What_no_frame_may_say_behind_another_is_refused(string hex, string why) => AssertRefused(hex, why);

    [Theory]
    [InlineData("8005ABCD", 1)]
    [InlineData("B0007FFE000000", 1)]          // 8,191 messages
    [InlineData("B00003000000", 1)]            // one message, cut
    [InlineData("D0000102000000", 1)]          // the rest of one
    [InlineData("A00300ABCD" + "9001ABCD", 2)] // goes on from the first code
    [InlineData("A40300ABCD" + "13020141" + "9102ABCD", 3)]
    public void What_lies_just_within_the_rules_is_read(string hex, int frames)
    {
        List<DataFrame> read = [];
        Assert.True(DataFrame.TryParse(Convert.FromHexString(hex), read));
        Assert.Equal(frames, read.Count);
    }

    private static void AssertRefused(string hex, string why) =>
        Assert.False(DataFrame.TryParse(Convert.FromHexString(hex), new List<DataFrame>()), why);

    private static DataFrame Frame(string name) => name switch
    {
        "SHORT" => Coded with { IsShort = true },
        "SHORT with slots" => Coded with { IsShort = true, Base = 3, Keep = 2 },
        "ONE" => Coded,
        "ONE with cut" => Coded with { IsLast = false },
        "MANY" => Coded with { Count = 300 },
        "MANY with cut" => Coded with { Count = 300, IsLast = false },
        "REST" => Coded with { Offset = 70_000 },
        "REST with cut" => Coded with { Offset = 70_000, Count = 2, IsLast = false, Check = 0xABCDEF },
        "BLOCK" => Uncoded(DataFrameKind.Block) with { Count = 300 },
        "STORED" => Uncoded(DataFrameKind.Stored),
        "BLOCK PART" => Uncoded(DataFrameKind.BlockPart) with { Offset = 70_000, IsLast = false },
        "STORED PART" => Uncoded(DataFrameKind.StoredPart) with { Offset = 70_000 },
        "PRIMED" => Uncoded(DataFrameKind.Primed) with { Count = 300 },
        "PRIMED PART" => Uncoded(DataFrameKind.PrimedPart) with { Offset = 70_000, IsLast = false },
        "STORED MANY of 300" => StoredContent.FrameOf(300, 300, new byte[299]),
        "STORED MANY of 8,191" => StoredContent.FrameOf(300, 8_191, new byte[8_193]),
        _ => throw new ArgumentException(name),
    };

    private static DataFrame Uncoded(DataFrameKind kind) =>
        new() { Kind = kind, FirstMessage = 300, Count = 1, IsLast = true, Payload = "raw"u8.ToArray() };
}
