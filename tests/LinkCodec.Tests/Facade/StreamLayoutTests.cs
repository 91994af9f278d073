using System.Buffers;
using LinkCodec.Tests.Coding;
using MessagePack;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Control maps come from the peer: whatever they hold, reading them does not throw.</summary>
public sealed class StreamLayoutTests
{
    private const ulong Seed = 81;

    [Theory]
    [InlineData(MessageFormat.Lines, 3UL)]
    [InlineData(MessageFormat.RecordSeparated, 0UL)]
    [InlineData(MessageFormat.LengthPrefixed, null)]
    [InlineData(MessageFormat.Whole, null)]
    public void A_layout_comes_back(MessageFormat format, ulong? tail)
    {
        StreamLayout layout = new(format, tail);
        Assert.Equal(layout, StreamLayout.FromControl(layout.ToControl()));
        Assert.InRange(layout.ToControl().Length, 1, 8);
    }

    [Fact]
    public void Earlier_tails_come_back()
    {
        StreamLayout layout = new(MessageFormat.Lines, 900) { EarlierTails = [0, 3, 4, 70, 800, 801, 802, 899] };
        StreamLayout? back = StreamLayout.FromControl(layout.ToControl());
        Assert.Equal([0UL, 3, 4, 70, 800, 801, 802, 899], back!.EarlierTails!);
        Assert.Equal([0, 3, 4, 70, 800, 801, 802, 899, 900],
            Enumerable.Range(0, 1000).Where(i => back.IsOpen((ulong)i)));
    }

    [Fact]
    public void Unknown_keys_are_passed_over()
    {
        ArrayBufferWriter<byte> buffer = new();
        MessagePackWriter writer = new(buffer);
        writer.WriteMapHeader(4);
        writer.Write(77);
        writer.WriteArrayHeader(2);
        writer.Write("text");
        writer.WriteNil();
        writer.Write(1);
        writer.Write((int)MessageFormat.Whole);
        writer.Write(-5);
        writer.Write(new byte[] { 1, 2 });
        writer.Write(2);
        writer.Write(true);
        writer.Flush();
        StreamLayout? layout = StreamLayout.FromControl(buffer.WrittenSpan.ToArray());
        Assert.Equal((MessageFormat.Whole, null, false, true),
            (layout!.Format, layout.OpenTail, layout.IsNamedAhead, layout.HasClosingTail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")] // nothing
    [InlineData("c0")] // nil
    [InlineData("93010203")] // no map
    [InlineData("810104")] // a format that is none
    [InlineData("8101ff")]
    [InlineData("8101a161")] // text for a number
    [InlineData("820101")] // ends early
    [InlineData("dfffffffff0101")] // four thousand million entries
    [InlineData("8101cfffffffffffffffff")] // a number beyond 32 bits
    [InlineData("8102c3")] // a tail without a format
    [InlineData("8109c6ffffffff")] // four thousand million bytes
    [InlineData("8109dbffffffff")]
    [InlineData("8109c9ffffffff05")]
    [InlineData("8109ddffffffff")]
    [InlineData("820101" + "09dd80000000")] // a format, and an array of more values than there are bytes
    [InlineData("820101" + "0991df80000000")]
    [InlineData("820101" + "09db80000000")]
    public void A_map_that_says_nothing_of_a_layout_is_none(string hex) =>
        Assert.Null(StreamLayout.FromControl(Convert.FromHexString(hex)));

    [Fact]
    public void Nesting_and_noise_never_throw()
    {
        Assert.Null(StreamLayout.FromControl([0x81, 0x09, .. Enumerable.Repeat((byte)0x91, 510)]));
        Assert.Null(StreamLayout.FromControl([0x81, 0x09, .. Enumerable.Repeat((byte)0x81, 510)]));
        TestRandom random = new(Seed);
        byte[] good = new StreamLayout(MessageFormat.Lines, 7).ToControl();
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? random.Bytes(1 + random.Next(40)) : [.. good, .. random.Bytes(4)];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            StreamLayout? layout = StreamLayout.FromControl(bytes);
            Assert.True(layout is null || Enum.IsDefined(layout.Format), $"seed {Seed}, step {i}");
        }
    }
}
