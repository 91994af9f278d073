using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

public sealed class VideoHostileTests
{
    private static readonly MediaLimits Few = new(4000);
    private static readonly VideoFormat Format = new(24, 20, ChromaForm.Half, 8);
    private static readonly byte[] Film = MediaRun.Film(Format, 3);
    private static readonly int Frame = Film.Length / 3;

    private static readonly VideoHeader Header = new()
    {
        Format = Format,
        References = 1,
        Frames = 2,
        StripRows = 20,
    };

    private static readonly byte[] Code = VideoEncoder.Encode(Header, Film.AsSpan(0, Frame), Film.AsSpan(Frame));

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(20);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_altered_code_is_refused_or_decodes_to_some_samples(ulong seed)
    {
        TestRandom random = new(seed);
        byte[] code = [.. Code];
        code[random.Next(code.Length)] ^= (byte)(1 + random.Next(255));
        Decode(code);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_bytes_are_refused_or_decode_to_some_samples(ulong seed)
    {
        TestRandom random = new(seed);
        byte[] code = random.Bytes(8 + random.Next(300));
        (code[1], code[2]) = ((byte)(code[1] & 31), (byte)(code[2] & 31)); // sizes that are often within the limits
        Decode(code);
    }

    [Fact]
    public void A_truncated_code_and_surplus_bytes_are_refused()
    {
        for (int part = 0; part < 8; part++)
        {
            Assert.Equal(LinkErrorCode.Malformed, VideoDecoder.Decode(Code.AsSpan(0, Code.Length * part / 8), Few,
                Film.AsSpan(0, Frame), out byte[] none));
            Assert.Empty(none);
        }

        Assert.Equal(LinkErrorCode.Malformed, VideoDecoder.Decode([.. Code, .. new byte[20]], Few,
            Film.AsSpan(0, Frame), out _));
    }

    [Fact]
    public void A_part_without_the_frames_that_it_needs_is_refused()
    {
        Assert.Equal(LinkErrorCode.Malformed, VideoDecoder.Decode(Code, Few, [], out _));
        Assert.Equal(LinkErrorCode.Malformed, VideoDecoder.Decode(Code, Few, Film.AsSpan(0, Frame - 1), out _));
        Assert.Equal(LinkErrorCode.None, VideoDecoder.Decode(Code, Few, Film.AsSpan(0, Frame), out _));
    }

    [Theory]
    [InlineData("17FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")] // numbers beyond a varint's
    [InlineData("D713132800")] // three frames before
    [InlineData("1713130300")] // a strip of an odd row, with chroma half as high
    [InlineData("17131315")] // a strip without its number
    [InlineData("1713131502")] // a strip behind the last
    [InlineData("1713132900")] // a strip of all rows
    [InlineData("17131301")] // a strip of no row
    public void Headers_that_break_a_rule_are_malformed(string header) => Assert.Equal(LinkErrorCode.Malformed,
        VideoDecoder.Decode([.. Convert.FromHexString(header), .. new byte[100]], Few, [], out _));

    [Fact]
    public void Sizes_beyond_the_limits_are_refused_before_memory_is_taken()
    {
        byte[] header = new byte[VideoHeader.MaxLength];
        int length = (Header with { References = 0, Frames = 1 << 30 }).Write(header);
        long before = GC.GetAllocatedBytesForCurrentThread();
        LinkErrorCode error = VideoDecoder.Decode(header.AsSpan(0, length), MediaLimits.Default, [], out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(LinkErrorCode.LimitExceeded, error);
    }

    [Fact]
    public void A_decoder_takes_no_more_memory_than_it_says()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(LinkErrorCode.None, VideoDecoder.Decode(Code, Few, Film.AsSpan(0, Frame), out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0,
            VideoDecoder.MostBytes(Header));
    }

    [Fact]
    public void A_sample_beyond_its_bits_is_not_coded()
    {
        VideoFormat format = new(4, 4, ChromaForm.Mono, 10);
        byte[] samples = new byte[32];
        samples[9] = 4;
        Assert.Empty(VideoEncoder.Encode(new VideoHeader { Format = format, Frames = 1, StripRows = 4 }, [], samples));
    }

    private static void Decode(byte[] code)
    {
        byte[] before = VideoHeader.TryRead(code, out VideoHeader header, out _) && header.ReferenceBytes < 1 << 20
            ? new TestRandom(9).Bytes(header.ReferenceBytes)
            : [];
        LinkErrorCode error = VideoDecoder.Decode(code, Few, before, out byte[] samples);
        Assert.Equal(error == LinkErrorCode.None, samples.Length > 0);
    }
}
