using System.IO.Pipelines;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Live sound, cut into segments.</summary>
public sealed class PcmSegmentsTests
{
    [Theory]
    [InlineData(8, 1, 8000, 20, 160)]
    [InlineData(16, 2, 44_100, 100, 4410)]
    [InlineData(24, 6, 48_000, 1000, 43_690)] // No part has more samples.
    [InlineData(16, 1, 10, 20, 1)]
    public async Task Segments_are_as_long_as_they_may_be_and_come_back_as_they_were(int bits, int channels, int rate,
        int milliseconds, int samples)
    {
        PcmSegments segments = new(new PcmFormat(bits, channels, rate), TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(samples, segments.Samples);
        int frame = bits / 8 * channels;
        byte[] sound = [.. Enumerable.Range(0, frame * ((2 * samples) + 1)).Select(i => (byte)(i * i / 40))];
        List<byte> restored = [];
        foreach (byte[] segment in await ReadAsync(segments, sound))
        {
            byte[] content = segments.Carry(segment);
            Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
            Assert.Equal((1, channels, bits, rate), (form.PartCount, form.Planes, form.BitDepth, form.Rate));
            Assert.InRange(content.Length - segment.Length, 1, 30);
            restored.AddRange(MediaMessage.Restore(content).ToArray());
        }

        Assert.Equal(sound, restored);
    }

    [Fact]
    public async Task A_segment_is_there_as_soon_as_its_last_sample_is()
    {
        PcmSegments segments = new(new PcmFormat(16, 1, 8000), TimeSpan.FromMilliseconds(20));
        Pipe pipe = new();
        await using IAsyncEnumerator<byte[]> reading = segments.ReadAsync(pipe.Reader, default).GetAsyncEnumerator();
        await pipe.Writer.WriteAsync(new byte[319]);
        ValueTask<bool> next = reading.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await pipe.Writer.WriteAsync(new byte[2]);
        Assert.True(await next);
        Assert.Equal(320, reading.Current.Length);
        await pipe.Writer.CompleteAsync();
        await Assert.ThrowsAsync<LinkException>(async () => await reading.MoveNextAsync()); // Half a sample is left.
    }

    private static async Task<List<byte[]>> ReadAsync(PcmSegments segments, byte[] sound)
    {
        List<byte[]> read = [];
        PipeReader input = PipeReader.Create(new MemoryStream(sound));
        await foreach (byte[] segment in segments.ReadAsync(input, default))
        {
            read.Add(segment);
        }

        return read;
    }
}
