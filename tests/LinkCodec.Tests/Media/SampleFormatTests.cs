using LinkCodec.Core.Media;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Samples without a header, of every layout: the same bytes come out, by the coder of samples.</summary>
public sealed class SampleFormatTests
{
    [Theory]
    [InlineData("u8", 1, 0)]
    [InlineData("s8,2", 2, 1)]
    [InlineData("u16le,3", 6, 5)]
    [InlineData("s16be", 2, 1)]
    [InlineData("u16be,16", 32, 31)]
    [InlineData("s24le,2", 6, 4)]
    [InlineData("u24be", 3, 2)]
    [InlineData("s16le,2,100", 4, 3)]
    [InlineData("u16le,30x20", 1200, 7)]
    [InlineData("s16be,30x20x3", 3600, 11)]
    [InlineData("u8,30x20x4,bip", 2400, 1)]
    public void Samples_and_what_is_left_over_come_back(string text, int frame, int more)
    {
        Assert.True(SampleFormat.TryParse(text, out SampleFormat? format));
        Assert.Equal(frame, format.FrameLength);
        int frames = format.IsRaster ? 1 : 2000 / format.Channels;
        byte[] left = [7, 9, 3, 1, 8, 2, 5, 6, 4, 0, 1, .. new byte[32]];
        byte[] message = [.. Slopes(format, frames), .. left];
        message = message[..((frames * frame) + more)];
        CarriedForm form = Carried(message, format);
        Assert.Equal(format.Channels, form.Planes);
        Assert.Equal(format.IsRaster ? MediaKind.Image : format.BitDepth == 24 ? MediaKind.Sound : MediaKind.Signal,
            form.Kind);
        Assert.Equal(format.SegmentLength > 0 ? 10 : 1, form.PartCount);
        Assert.InRange(form.BitDepth, format.BitDepth - 7, format.BitDepth);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s16")]
    [InlineData("s12le")]
    [InlineData("f32le")]
    [InlineData("s16le,0")]
    [InlineData("s16le,17")]
    [InlineData("s24le,9")]
    [InlineData("s16le,2,0")]
    [InlineData("s16le,2,bip")]
    [InlineData("s16le,2,100,1")]
    [InlineData("s16le,-2")]
    [InlineData("s24le,5x5")]
    [InlineData("u8,5x0")]
    [InlineData("u8,65537x5")]
    [InlineData("u8,5x5x17x2")]
    [InlineData("u8,5x5,bil")]
    public void What_is_no_format_is_refused(string text)
    {
        Assert.False(SampleFormat.TryParse(text, out SampleFormat? format));
        Assert.Null(format);
    }

    [Fact]
    public void Samples_of_few_values_have_few_bits()
    {
        byte[] message = [.. Enumerable.Range(0, 4000).SelectMany(i => BitConverter.GetBytes((ushort)(i % 900)))];
        Assert.Equal(11, Carried(message, new SampleFormat(16, false)).BitDepth);
        Assert.Equal(10, Carried(message, new SampleFormat(16, false) { Width = 100, Height = 40 }).BitDepth);
        Assert.Equal(10, Carried(message, new SampleFormat(16, true) { Width = 100, Height = 40 }).BitDepth);
    }

    [Fact]
    public void What_is_something_else_crosses_as_it_is_and_it_is_said()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("all the same words ", 900)));
        string said = "";
        MediaOptions options = new()
        {
            Kind = MessageKind.Samples,
            Samples = new SampleFormat(16, true),
            OnNotice = line => said += line,
        };
        Assert.Equal(text, MediaMessage.Carry(text, options).ToArray());
        Assert.Contains("does not look like samples", said, StringComparison.Ordinal);
        Assert.Equal([1], MediaMessage.Carry(new byte[] { 1 }, options).ToArray());
        Assert.Contains("shorter than the samples of one time", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_samples_need_their_format() => Assert.Throws<ArgumentException>(() =>
        MediaMessage.Carry(new byte[10], new MediaOptions { Kind = MessageKind.Samples }));

    private static CarriedForm Carried(byte[] message, SampleFormat format)
    {
        ReadOnlyMemory<byte> carried = MediaMessage.Carry(message, new MediaOptions
        {
            Kind = MessageKind.Samples,
            Samples = format,
        });
        Assert.True(CarriedForm.TryRead(carried.Span, out CarriedForm form));
        Assert.Equal(message, MediaMessage.Restore(carried).ToArray());
        for (int part = 0; part < form.PartCount; part++)
        {
            (int start, int end) = form.Part(part);
            MediaCode.Decode(MediaCode.Encode(form, part, carried.Span), [], out byte[] samples);
            Assert.Equal(carried.Span[start..end].ToArray(), samples);
        }

        return form;
    }

    // Slow waves with a little noise, over the whole scale.
    private static byte[] Slopes(SampleFormat format, int frames)
    {
        TestRandom random = new(1);
        int each = format.BitDepth / 8;
        byte[] bytes = new byte[frames * format.FrameLength];
        for (int i = 0; i < bytes.Length / each; i++)
        {
            int place = format.IsRaster && !format.IsInterleaved ? i : i / format.Channels;
            long wave = Math.Abs((place * 37 % 4000) - 2000);
            long value = (wave * ((1L << format.BitDepth) - 1) / 2100) + random.Next(3);
            for (int k = 0; k < each; k++)
            {
                bytes[(i * each) + (format.IsBigEndian ? each - 1 - k : k)] = (byte)(value >> (8 * k));
            }
        }

        return bytes;
    }
}
