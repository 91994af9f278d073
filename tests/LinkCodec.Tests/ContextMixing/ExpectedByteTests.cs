using System.Text;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>What is expected, and where.</summary>
public sealed class ExpectedByteTests
{
    [Theory]
    [Spec("10.5-6")]
    [InlineData("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n", 63, 2)]
    [InlineData("1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927", 68, 1)]
    [InlineData("2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537", 68, 1)]
    [InlineData("*8D4840D6202CC371C32CE0576098;", 23, 6)]
    [InlineData("8d4840d6202cc371c32ce0576098", 22, 6)]
    public void Checksums_in_text_are_expected(string message, int from, int count) =>
        Checks(Encoding.ASCII.GetBytes(message), from, count, isBinary: false);

    [Theory]
    [Spec("10.5-6")]
    [InlineData("8D4840D6202CC371C32CE0576098", 11, 3)]
    [InlineData("B5620601" + "0300F00500FF19", 9, 2)]
    public void Checksums_in_binary_are_expected(string message, int from, int count) =>
        Checks(Convert.FromHexString(message), from, count, isBinary: true);

    [Theory]
    [Spec("10.5-5")]
    [InlineData("a,100,x\na,110,x\na,120,x\n", 18, "120")]
    [InlineData("a,007,x\na,008,x\na,009,x\n", 18, "009")]
    [InlineData("a,98,x\na,99,x\na,100,x\n", 16, "100")]
    [InlineData("$S,1000\n$S,0900\n$S,0800\n", 19, "0800")]
    [InlineData("a,0.25,x\na,0.50,x\na,0.75,x\n", 20, "0.75")]
    [InlineData("a,-1.5,x\na,-0.5,x\na,0.5,x\n", 20, "0.5")]
    [InlineData("a,1.0,x\na,0.0,x\na,-1.0,x\n", 18, "-1.0")]
    [InlineData("{\"t\":7}\n{\"t\":9}\n{\"t\":11}\n", 21, "11")]
    public void Numbers_go_on_by_their_last_step(string message, int at, string expected)
    {
        int[] found = ContextMixingCode.Expected(MixingLayout.NumberByte, Encoding.ASCII.GetBytes(message), false);
        Assert.Equal(expected, string.Concat(found[at..(at + expected.Length)].Select(value => (char)value)));
    }

    [Fact]
    [Spec("10.5-4")]
    public void Fields_are_expected_to_be_as_they_were_last()
    {
        byte[] message = "{\"id\":\"x1\",\"u\":\"up\"}\n{\"u\":\"up\",\"id\":\"x1\"}"u8.ToArray();
        int[] found = ContextMixingCode.Expected(MixingLayout.FieldByte, message, false);
        int value = message.AsSpan().LastIndexOf("x1"u8);
        Assert.Equal("x1".Select(c => (int)c), found[value..(value + 2)]); // by its key, whatever its place
        int[] follows = ContextMixingCode.Expected(MixingLayout.FieldByte, "a;b;c\na;b;c"u8.ToArray(), false);
        Assert.Equal("a;b;c".Select(c => (int)c), follows[6..]);
    }

    [Fact]
    [Spec("10.5-3")]
    public void Records_are_expected_from_the_last_one_and_from_the_last_alike()
    {
        byte[] message = "aa:123\nbb:456\naa:124\n"u8.ToArray();
        int[] above = ContextMixingCode.Expected(MixingLayout.AboveByte, message, false);
        int[] alike = ContextMixingCode.Expected(MixingLayout.AlikeByte, message, false);
        Assert.Equal("bb:456\n".Select(c => (int)c), above[14..]);
        Assert.Equal(":123\n".Select(c => (int)c), alike[16..]);
        Assert.Equal([-1, -1], alike[14..16]);
        int[] slope = ContextMixingCode.Expected(MixingLayout.SlopeByte, "aaa1\naaa3\naaa5\n"u8.ToArray(), false);
        Assert.Equal('5', slope[13]);
        Assert.Equal(-1, slope[12]); // the records do not differ there
    }

    [Theory]
    [Spec("10.5-5")]
    [InlineData("a,1.5,x\na,15,x\na,2", 17)]
    [InlineData("a,1.5.1,x\na,2.5.1,x\na,3.5.1", 26)]
    public void Numbers_of_another_form_take_no_step(string message, int at) => Assert.Equal(-1,
        ContextMixingCode.Expected(MixingLayout.NumberByte, Encoding.ASCII.GetBytes(message), false)[at]);

    [Fact]
    [Spec("10.5-6")]
    public void Replies_end_with_the_address_of_an_aircraft_that_was_heard()
    {
        MixingMemory memory = new();
        byte[] squitter = Convert.FromHexString("8D4840D6202CC371C32CE0576098");
        ContextMixingCode.Expected(MixingLayout.ChecksumByte, squitter, true, memory);
        byte[] reply = Overlaid("A000183820", 0x4840D6);
        int[] found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, reply, true, memory);
        Assert.Equal(reply[11..].Select(value => (int)value), found[11..]);

        // one that was not heard before is known from its second reply on, by how its replies begin
        byte[] other = Overlaid("A8001EBCFF", 0x3C6444);
        found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, other, true, memory);
        Assert.NotEqual(other[11..].Select(value => (int)value), found[11..]);
        ContextMixingCode.Expected(MixingLayout.ChecksumByte, reply, true, memory);
        other = Overlaid("A8001EBC11", 0x3C6444);
        byte[] text = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(other));
        found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, text, false, memory);
        Assert.Equal(text[22..].Select(value => (int)value), found[22..]);
    }

    [Fact]
    [Spec("10.5-3")]
    public void What_followed_a_record_alike_is_expected_to_follow_again()
    {
        MixingMemory memory = new();
        foreach (string message in (string[])["$A,1", "$B,7", "$C,3", "$A,2"])
        {
            ContextMixingCode.Expected(MixingLayout.SequenceByte, Encoding.ASCII.GetBytes(message), false, memory);
        }

        int[] found = ContextMixingCode.Expected(MixingLayout.SequenceByte, "$B,8"u8.ToArray(), false, memory);
        Assert.Equal("$B,7".Select(c => (int)c), found);
    }

    [Theory]
    [Spec("10.5-3")]
    [InlineData(MixingLayout.SlopeByte, new[] { 1, 0xF0, 0x80 }, new[] { 1, 0xF8, 0xC0 }, new[] { 2, 1, 0 })]
    [InlineData(MixingLayout.LittleSlopeByte, new[] { 0x80, 0xF0, 1 }, new[] { 0xC0, 0xF8, 1 }, new[] { 0, 1, 2 })]
    public void Steps_carry_from_byte_to_byte(int index, int[] first, int[] second, int[] third)
    {
        MixingMemory memory = new();
        int[] found = [];
        foreach (int[] number in (int[][])[first, second, third])
        {
            byte[] record = [7, 7, .. number.Select(value => (byte)value), 0, 0, 0];
            found = ContextMixingCode.Expected(index, record, true, memory);
        }

        Assert.Equal(third, found[2..5]);
    }

    [Fact]
    [Spec("10.5-8")]
    public void A_field_is_expected_to_repeat_the_one_that_it_repeated_before()
    {
        MixingMemory memory = new();
        foreach (string message in (string[])["$A,1200,5", "$B,x,1200", "$A,1317,5"])
        {
            ContextMixingCode.Expected(MixingLayout.CopyByte, Encoding.ASCII.GetBytes(message), false, memory);
        }

        int[] found = ContextMixingCode.Expected(MixingLayout.CopyByte, "$B,x,1399"u8.ToArray(), false, memory);
        Assert.Equal([.. "131".Select(c => (int)c), -1], found[5..]);
    }

    [Fact]
    [Spec("10.5-2")]
    public void What_stood_before_is_expected_to_go_on()
    {
        MixingMemory memory = new();
        ContextMixingCode.Expected(MixingLayout.MatchByte, "the quick brown fox"u8.ToArray(), false, memory);
        int[] found = ContextMixingCode.Expected(MixingLayout.MatchByte, "a quick brown hen"u8.ToArray(),
            false, memory);
        Assert.Equal("brown ".Select(c => (int)c), found[8..14]);
        Assert.Equal('f', found[14]);
        Assert.Equal(-1, found[15]);
    }

    [Fact]
    [Spec("10.5-7")]
    public void Periods_are_found()
    {
        byte[] message = [.. Enumerable.Range(0, 12)
            .SelectMany(i => new byte[] { 1, 2, (byte)(40 * i), 9, 8, (byte)(i * i) })];
        int[] found = ContextMixingCode.Expected(MixingLayout.PeriodByte, message, true);
        Assert.All(Enumerable.Range(40, message.Length - 40), i => Assert.Equal(message[i - 6], found[i]));
    }

    [Fact]
    [Spec("10.7-1")]
    public void Matches_in_the_dictionary_are_found_from_the_fifth_byte_on()
    {
        PresetDictionary dictionary = new("0 xwe will land at noon. we will land at nine."u8.ToArray());
        MessageContexts contexts = new(dictionary);
        MixingMemory memory = new();
        RunModel runs = new();
        BitCounterModel counters = new();
        string found = "";
        contexts.Begin(memory, SmallModel.Profile(0, ContentHint.Auto));
        foreach (byte value in "we will land"u8)
        {
            contexts.SetContexts(memory, runs, counters);
            found += !contexts.Expected.Has(MixingLayout.DictionaryByte) ? '-' : (char)Enumerable.Range(0, 256)
                .Single(v => contexts.Expected.Is(MixingLayout.DictionaryByte, (byte)v));
            contexts.Update(memory, value);
        }

        Assert.Equal("-----ll land", found);
        contexts.SetContexts(memory, runs, counters);
        Assert.True(contexts.Expected.Is(MixingLayout.DictionaryByte, (byte)' '));
    }

    // A long reply of Mode S: what it begins with, zeros, and its parity.
    private static byte[] Overlaid(string hex, int address)
    {
        byte[] data = [.. Convert.FromHexString(hex), .. new byte[6]];
        int crc = 0;
        foreach (byte value in data)
        {
            crc ^= value << 16;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x800000) != 0 ? (crc << 1) ^ 0x1FFF409 : crc << 1;
            }
        }

        crc ^= address;
        return [.. data, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    private static void Checks(byte[] message, int from, int count, bool isBinary)
    {
        int[] found = ContextMixingCode.Expected(MixingLayout.ChecksumByte, message, isBinary);
        for (int i = 0; i < message.Length; i++)
        {
            Assert.Equal(i >= from && i < from + count ? message[i] : -1, found[i]);
        }
    }
}
