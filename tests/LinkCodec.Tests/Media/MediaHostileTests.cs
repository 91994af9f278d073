using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

public sealed class MediaHostileTests
{
    private static readonly MediaLimits Few = new(3000);

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(20);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_bytes_are_refused_or_decode_to_some_samples(ulong seed)
    {
        TestRandom random = new(seed);
        byte[] bytes = random.Bytes(3 + random.Next(400));
        bytes[1] &= 31; // sizes that are within the limits more often than not
        bytes[2] &= 15;
        Decode(bytes);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_altered_code_is_refused_or_decodes_to_some_samples(ulong seed)
    {
        TestRandom random = new(seed);
        byte[] image = ImageEncoder.Encode(MediaRun.Picture(20, 20, 3, 8));
        byte[] sound = new AudioEncoder(new AudioFormat(2, 16)).Encode(MediaRun.Voice(400, 2, 16));
        image[3 + random.Next(image.Length - 3)] ^= (byte)(1 + random.Next(255));
        sound[3 + random.Next(sound.Length - 3)] ^= (byte)(1 + random.Next(255));
        Decode(image);
        Decode(sound);
    }

    [Fact]
    public void A_truncated_code_is_refused()
    {
        byte[] image = ImageEncoder.Encode(MediaRun.Picture(30, 30, 3, 8));
        byte[] sound = new AudioEncoder(new AudioFormat(2, 16)).Encode(MediaRun.Voice(400, 2, 16));
        for (int part = 0; part < 8; part++)
        {
            byte[] less = image[..(image.Length * part / 8)];
            Assert.Equal(LinkErrorCode.Malformed, ImageDecoder.Decode(less, Few, out SamplePlanes? none));
            Assert.Null(none);
            less = sound[..(sound.Length * part / 8)];
            Assert.Equal(LinkErrorCode.Malformed, new AudioDecoder().Decode(less, Few, out _, out int[] samples));
            Assert.Empty(samples);
        }
    }

    [Fact]
    public void Surplus_bytes_are_refused()
    {
        byte[] image = [.. ImageEncoder.Encode(MediaRun.Picture(30, 30, 3, 8)), .. new byte[20]];
        byte[] whole = new AudioEncoder(new AudioFormat(1, 16)).Encode(MediaRun.Voice(400, 1, 16));
        byte[] sound = [.. whole, .. new byte[20]];
        Assert.Equal(LinkErrorCode.Malformed, ImageDecoder.Decode(image, Few, out _));
        Assert.Equal(LinkErrorCode.Malformed, new AudioDecoder().Decode(sound, Few, out _, out _));
    }

    [Fact]
    public void Sizes_beyond_the_limits_are_refused_before_memory_is_taken()
    {
        // 65,536 times 2^30 samples in 16 planes; 2^31 times in 8 channels.
        byte[] image = new byte[ImageHeader.MaxLength];
        int length = new ImageHeader(1 << 16, 1 << 30, 16, 16).Write(image);
        byte[] sound = new byte[AudioHeader.MaxLength];
        int soundLength = new AudioHeader(new AudioFormat(8, 24), int.MaxValue, false).Write(sound);
        long before = GC.GetAllocatedBytesForCurrentThread();
        LinkErrorCode imageCode = ImageDecoder.Decode(image.AsSpan(0, length), MediaLimits.Default, out _);
        LinkErrorCode soundCode = new AudioDecoder().Decode(sound.AsSpan(0, soundLength), MediaLimits.Default, out _,
            out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal((LinkErrorCode.LimitExceeded, LinkErrorCode.LimitExceeded), (imageCode, soundCode));
    }

    [Fact]
    public void A_decoder_takes_no_more_memory_than_it_says()
    {
        byte[] image = ImageEncoder.Encode(MediaRun.Picture(64, 40, 3, 16));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(LinkErrorCode.None, ImageDecoder.Decode(image, MediaLimits.Default, out _));
        long samples = 64 * 40;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0,
            (6 * samples) + (14 * (64 + 8) * (40 + 5)) + (3 * ImageDecoder.MostModelBytes)
                + (3 * ImageDecoder.MostColumnBytes * 64));
        byte[] sound = new AudioEncoder(new AudioFormat(2, 16)).Encode(MediaRun.Voice(100, 2, 16));
        AudioDecoder decoder = new();
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(LinkErrorCode.None, decoder.Decode(sound, MediaLimits.Default, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * AudioDecoder.MostChannelBytes);
    }

    private static void Decode(byte[] bytes)
    {
        LinkErrorCode code = ImageDecoder.Decode(bytes, Few, out SamplePlanes? image);
        Assert.Equal(code == LinkErrorCode.None, image is not null);
        AudioDecoder decoder = new();
        decoder.Decode(bytes, Few, out _, out int[] samples);
        Assert.InRange(samples.Length, 0, Few.MaxSamples);
    }
}
