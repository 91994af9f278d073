using System.Buffers;
using MessagePack;
using Xunit;

namespace LinkCodec.Tests.Compat;

public sealed class MessagePackReaderTests
{
    [Fact]
    public void A_number_too_large_for_the_type_overflows()
    {
        Assert.Throws<OverflowException>(() => new MessagePackReader(new byte[] { 0xcd, 1, 0 }).ReadByte());
        Assert.Throws<OverflowException>(() => new MessagePackReader(new byte[] { 0xff }).ReadUInt64());
        Assert.Throws<OverflowException>(() => new MessagePackReader(new byte[] { 0xce, 0x80, 0, 0, 0 }).ReadInt32());
        Assert.Throws<OverflowException>(() => new MessagePackReader(new byte[] { 0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0 }).ReadInt64());
    }

    [Fact]
    public void Another_kind_of_value_is_refused_and_stays_unread()
    {
        MessagePackReader reader = new(new byte[] { 0xc0 });
        bool refused = false;
        try
        {
            reader.ReadInt32();
        }
        catch (MessagePackSerializationException)
        {
            refused = true;
        }

        Assert.True(refused);
        Assert.Equal(0, reader.Consumed);
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_ends_in_EndOfStream_before_anyone_allocates()
    {
        byte[] array = [0xdd, 0x7f, 0xff, 0xff, 0xff, 1, 2];
        byte[] map = [0xdf, 0x7f, 0xff, 0xff, 0xff, 1, 2];
        byte[] ext = [0xc9, 0xff, 0xff, 0xff, 0xff, 5, 2];
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(array).ReadArrayHeader());
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(map).ReadMapHeader());
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(ext).ReadExtensionFormat());
    }

    [Fact]
    public void Skip_survives_a_million_nested_arrays()
    {
        byte[] deep = new byte[1_000_001];
        deep.AsSpan().Fill(0x91);
        deep[^1] = 0xc0;
        MessagePackReader reader = new(deep);
        reader.Skip();
        Assert.True(reader.End);
    }

    [Fact]
    public void The_code_that_is_never_used_is_refused() =>
        Assert.Throws<MessagePackSerializationException>(() => new MessagePackReader(new byte[] { 0xc1 }).Skip());

    [Fact]
    public void A_depth_step_beyond_the_limit_throws()
    {
        MessagePackReader reader = new(new byte[] { 0x90 });
        MessagePackSecurity security = MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(1);
        security.DepthStep(ref reader);
        Assert.Equal(1, reader.Depth);
        bool refused = false;
        try
        {
            security.DepthStep(ref reader);
        }
        catch (InsufficientExecutionStackException)
        {
            refused = true;
        }

        Assert.True(refused);
    }

    [Fact]
    public void A_string_span_is_given_only_where_the_string_lies_in_one_piece()
    {
        byte[] text = [0xa2, 0x68, 0x69];
        MessagePackReader whole = new(text);
        Assert.True(whole.TryReadStringSpan(out ReadOnlySpan<byte> span));
        Assert.True(span.SequenceEqual("hi"u8));
        MessagePackReader cut = new(Pieces.Of(text));
        Assert.False(cut.TryReadStringSpan(out _));
        Assert.Equal("hi", cut.ReadString());
    }

    [Fact]
    public void Bytes_may_come_as_a_string_of_the_old_specification()
    {
        ArrayBufferWriter<byte> output = new();
        MessagePackWriter writer = new(output) { OldSpec = true };
        writer.Write(new byte[40]);
        writer.Flush();
        Assert.Equal(MessagePackCode.Str16, output.WrittenSpan[0]);
        Assert.Equal(40, new MessagePackReader(output.WrittenMemory).ReadBytes()!.Value.Length);
    }

    [Theory]
    [InlineData(-1, 0x41)]
    [InlineData(0, 0)]
    [InlineData(17_179_869_184, 7)]
    public void Times_before_1970_and_after_2514_come_back(long seconds, long ticks)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(ticks);
        ArrayBufferWriter<byte> output = new();
        MessagePackWriter writer = new(output);
        writer.Write(time);
        writer.Flush();
        Assert.Equal(time, new MessagePackReader(output.WrittenMemory).ReadDateTime());
    }
}
