using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Zstd;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Messages of samples as units, and back.</summary>
public sealed class MediaUnitTests
{
    private static readonly byte[] Image = MediaFiles.Content(MediaFiles.Picture(70, 50, 3, 8), 32);

    [Theory]
    [InlineData(100)]
    [InlineData(273)]
    [InlineData(1160)]
    [InlineData(60_000)]
    [Spec("4.3-4")]
    [Spec("4.3-8")]
    [Spec("12.3-1")]
    [Spec("12.3-2")]
    public void Units_in_any_order_give_the_message(int unitSize)
    {
        List<PackedUnit> units = Pack(Image, unitSize);
        Assert.All(units, unit => Assert.InRange(unit.ToBytes(isShort: false, unitSize).Length, 1, unitSize));
        Assert.Contains(units, unit => unit.Frames.Any(frame => frame.IsMedia));
        List<IReadOnlyList<DataFrame>> parsed = [.. units.Select(unit => Parse(unit, unitSize))];
        TestRandom random = new((ulong)unitSize);
        Assert.Equal(Image, Join([.. parsed.OrderBy(_ => random.Next(1 << 30))]));
    }

    [Fact]
    [Spec("12.2-3")]
    public void An_image_of_one_value_is_no_media_code_and_comes_out_all_the_same()
    {
        byte[] content = MediaFiles.Content(new ushort[256 * 256], 256, 256, 1, 8, 256);
        List<PackedUnit> units = Pack(content, 1160);
        Assert.DoesNotContain(units, unit => unit.Frames.Any(frame => frame.IsMedia));
        Assert.Equal(content, Join([.. units.Select(unit => Parse(unit, 1160))]));
    }

    [Fact]
    public void Noise_of_sixteen_bits_travels_as_it_is()
    {
        ushort[] noise = [.. new TestRandom(3).Bytes(2 * 4096).Chunk(2)
            .Select(two => (ushort)((two[0] << 8) | two[1]))];
        byte[] content = MediaFiles.Content(noise, 64, 64, 1, 16, 64);
        List<PackedUnit> units = Pack(content, 1160);
        Assert.Equal(content, Join([.. units.Select(unit => Parse(unit, 1160))]));
        Assert.InRange(units.Sum(unit => unit.ToBytes(false, 1160).Length), content.Length, content.Length * 101 / 100);
    }

    [Fact]
    [Spec("12.3-2")]
    public void Stretches_that_contradict_each_other_are_malformed()
    {
        IReadOnlyList<DataFrame> unit = Parse(Pack(Image, 273).First(one => one.Frames[0].IsMedia), 273);
        MediaAssembler codes = new(1 << 20, givesUp: false);
        Assert.Equal(LinkErrorCode.None, codes.Take(unit, out _));
        DataFrame other = unit[0] with { Payload = unit[0].Payload[1..] };
        Assert.Equal(LinkErrorCode.Malformed, codes.Take([other], out _));
    }

    [Fact]
    [Spec("12.3-2")]
    public void What_is_held_of_codes_is_bounded()
    {
        DataFrame Stretch(int i) => new()
        {
            Kind = DataFrameKind.Media,
            FirstMessage = (ulong)i,
            Count = 1,
            Payload = new byte[1000],
        };
        MediaAssembler strict = new(100_000, givesUp: false);
        MediaAssembler lossy = new(100_000, givesUp: true);
        LinkErrorCode last = LinkErrorCode.None;
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(LinkErrorCode.None, lossy.Take([Stretch(i)], out _));
            Assert.InRange(lossy.Held, 0, 100_000);
            last = last == LinkErrorCode.None ? strict.Take([Stretch(i)], out _) : last;
        }

        Assert.Equal(LinkErrorCode.LimitExceeded, last);
        lossy.Forget(1000);
        Assert.Equal(0, lossy.Held);
    }

    [Fact]
    [Spec("12.3-3")]
    public void A_part_that_decodes_to_other_samples_is_not_delivered()
    {
        DataFrame frame = Whole(Pack(Image, 60_000));
        DecodingBatch batch = new([[frame with { Check = frame.Check ^ 1 }]]);
        batch.DecodeMedia(0);
        Assert.Equal(LinkErrorCode.ModelDivergence, batch.Results[0].Error);
        Assert.Empty(batch.Results[0].Messages);
    }

    [Fact]
    [Spec("12.2-1")]
    public void Codes_that_break_a_rule_are_malformed()
    {
        byte[] code = Whole(Pack(Image, 60_000)).Payload.ToArray();
        Assert.Equal(LinkErrorCode.None, MediaCode.Decode(code, [], out _));
        Assert.Equal(LinkErrorCode.Malformed, MediaCode.Decode([], [], out _));
        Assert.Equal(LinkErrorCode.Malformed, MediaCode.Decode([0, .. code[1..]], [], out _));
        Assert.Equal(LinkErrorCode.Malformed, MediaCode.Decode([4, .. code[1..]], [], out _));
        Assert.Equal(LinkErrorCode.Malformed, MediaCode.Decode([.. code, .. new byte[20]], [], out byte[] samples));
        Assert.Empty(samples);
        Assert.Equal(LinkErrorCode.Malformed, MediaCode.Decode(code.AsSpan(0, code.Length / 2), [], out _));
    }

    [Theory]
    [InlineData("01FF8000FFFF8000FFFF")] // 65,536 x 65,536 samples of 16 planes
    [InlineData("0107420041FF")] // 513 x 512 of one
    [InlineData("020780080002")] // 262,145 of sound
    [Spec("12.2-2")]
    public void A_code_for_too_many_samples_is_refused_before_memory_is_taken(string header)
    {
        byte[] code = [.. Convert.FromHexString(header), .. new byte[4000]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(LinkErrorCode.LimitExceeded, MediaCode.Decode(code, [], out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    [Spec("12.2-3")]
    public void A_short_code_for_many_samples_is_refused()
    {
        byte[] header = [(byte)MediaKind.Image, 7, 0x40, 0xFF, 0x40, 0xFF]; // 256 x 256
        Assert.Equal(LinkErrorCode.LimitExceeded, MediaCode.Decode([.. header, .. new byte[200]], [], out _));
        Assert.NotEqual(LinkErrorCode.LimitExceeded, MediaCode.Decode([.. header, .. new byte[240]], [], out _));
    }

    private static List<PackedUnit> Pack(byte[] content, int unitSize)
    {
        Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
        using BlockUnits blocks = new(TestBlocks.Compressor(hasDictionary: false));
        MediaBatch batch = new(new OutgoingMessage(3, content), form, 0, form.PartCount, unitSize);
        Parallel.For(0, batch.Count, index =>
        {
            lock (blocks)
            {
                batch.Code(index, blocks);
            }
        });
        Assert.Equal(content.Length, batch.MessageBytes);
        MediaPacker packer = new(unitSize);
        List<PackedUnit> units = [];
        foreach (MediaFrame frame in batch.Frames)
        {
            packer.Add(frame, units);
        }

        packer.Close(units);
        Assert.False(packer.HasOpen);
        return units;
    }

    private static DataFrame Whole(List<PackedUnit> units) =>
        units.SelectMany(unit => unit.Frames).First(frame => frame is { IsMedia: true, CodeStart: 0, EndsCode: true });

    private static IReadOnlyList<DataFrame> Parse(PackedUnit unit, int unitSize)
    {
        List<DataFrame> frames = [];
        Assert.True(DataFrame.TryParse(unit.ToBytes(isShort: false, unitSize), frames));
        return frames;
    }

    private static byte[] Join(IReadOnlyList<IReadOnlyList<DataFrame>> units)
    {
        MediaAssembler codes = new(1 << 24, givesUp: false);
        MessageAssembler messages = new(ordered: false);
        using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: false);
        foreach (IReadOnlyList<DataFrame> unit in units)
        {
            Assert.Equal(LinkErrorCode.None, codes.Take(unit, out IReadOnlyList<DataFrame> whole));
            DecodingBatch batch = new([whole]);
            batch.RestoreBlocks(compressor);
            for (int i = 0; i < batch.MediaCount; i++)
            {
                batch.DecodeMedia(i);
            }

            Assert.All(batch.Results, frame => Assert.Equal(LinkErrorCode.None, messages.Add(frame)));
        }

        Assert.Equal(0, codes.Held);
        Assert.True(messages.TryTake(out ReceivedMessage message));
        return message.Content.ToArray();
    }
}
