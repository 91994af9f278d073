using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Endpoint;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Messages of video as units, and back: parts that need what is before them in their group.</summary>
public sealed class VideoUnitTests
{
    private const int UnitSize = 300;

    private static readonly VideoFormat Format = new(40, 34, ChromaForm.Half, 8);
    private static readonly CarriedForm Shape = MediaRun.FilmForm(Format, 10, 4);
    private static readonly byte[] Film = MediaRun.Film(Format, 10);

    // Parts of one frame, of three, and strips.
    private static readonly Dictionary<string, byte[]> Contents = new()
    {
        ["frames"] = Content(Shape with { PartFrames = 1 }),
        ["frames by threes"] = Content(Shape with { PartFrames = 3 }),
        ["strips"] = Content(Shape with { PartFrames = 1, PartSize = 12 }),
    };

    public static TheoryData<string> Names => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Spec("12.3-4")]
    public void Units_in_any_order_give_the_message(string name)
    {
        List<byte[]> units = Pack(Contents[name], 0, isParallel: true);
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            TestRandom random = new(seed);
            using Receiving receiving = new(new BitPredictor());
            receiving.Take([.. units.OrderBy(_ => random.Next(1 << 30))]);
            Assert.Equal(LinkErrorCode.None, receiving.Messages.Error);
            Assert.Equal(Contents[name], Assert.Single(receiving.TakeMessages()).Content.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_units(string name) =>
        Assert.Equal(Pack(Contents[name], 3, isParallel: false), Pack(Contents[name], 3, isParallel: true));

    [Theory]
    [InlineData("frames", 3)]
    [InlineData("strips", 12)]
    [Spec("12.3-4")]
    public void A_part_that_is_lost_costs_its_group_only(string name, int perGroup)
    {
        byte[] content = Contents[name];
        Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
        int lost = form.PartCount * 4 / 10; // the first of the second group
        MessageAssembler messages = new(ordered: true);
        MediaAssembler codes = new(1 << 24, givesUp: true, messages);
        Decode(codes, messages, [.. Frames(content).Where(frame => !frame.IsMedia
            || (int)frame.Offset != form.Part(lost).Start)]);
        for (int part = 0; part < form.PartCount; part++)
        {
            (int start, int end) = form.Part(part);
            bool isThere = messages.TryRead(3, start, end - start, out ReadOnlyMemory<byte> bytes);
            // Strips of a first frame need no others; all behind that frame need the whole of it.
            bool isCut = part == lost || (part > lost && part < lost + (form.PartCount * 4 / 10)
                && VideoParts.HeaderOf(form, part).References > 0);
            Assert.Equal(!isCut, isThere);
            Assert.True(isCut || bytes.Span.SequenceEqual(content.AsSpan(start..end)));
        }

        Assert.InRange(codes.Waiting, 1, codes.Held);
        Assert.InRange(perGroup, 1, form.PartCount);
        codes.Forget(4);
        Assert.Equal((0, 0), (codes.Waiting, codes.Held));
    }

    [Fact]
    public void A_message_after_one_that_is_lost_comes_out()
    {
        byte[] content = Contents["frames"];
        List<byte[]> units = Pack(content, 0, isParallel: true);
        units.RemoveAt(units.Count / 2);
        using Receiving receiving = new(new BitPredictor(), hasReturnPath: false);
        receiving.Take([.. units, .. Pack(content, 1, isParallel: true)]);
        receiving.End();
        ReceivedMessage message = Assert.Single(receiving.TakeMessages());
        Assert.Equal(1UL, message.Number);
        Assert.Equal(content, message.Content.ToArray());
        Assert.Equal((0UL, 1UL), Assert.Single(receiving.Messages.Missing));
    }

    [Fact]
    [Spec("12.3-2")]
    public void What_waits_for_other_parts_is_bounded()
    {
        DataFrame[] waiting = [.. Frames(Contents["frames"]).Where(frame => frame.IsMedia
            && MediaCode.NeedsBefore(frame.Payload.Span, out _, out _))];
        long most = waiting.Sum(frame => frame.Payload.Length) / 2;
        MediaAssembler strict = new(most, givesUp: false);
        MediaAssembler lossy = new(most, givesUp: true);
        LinkErrorCode last = LinkErrorCode.None;
        foreach (DataFrame frame in waiting)
        {
            Assert.Equal(LinkErrorCode.None, lossy.Take([frame], out IReadOnlyList<DataFrame> whole));
            Assert.Empty(whole);
            Assert.InRange(lossy.Held, 1, most);
            last = last == LinkErrorCode.None ? strict.Take([frame], out _) : last;
        }

        Assert.Equal(LinkErrorCode.LimitExceeded, last);
    }

    [Fact]
    [Spec("12.2-4")]
    public void A_part_that_needs_what_is_before_the_message_is_malformed()
    {
        DataFrame frame = Frames(Contents["frames"]).First(one => one.IsMedia
            && MediaCode.NeedsBefore(one.Payload.Span, out _, out _));
        foreach (ulong offset in (ulong[])[10, 1UL << 40])
        {
            MediaAssembler codes = new(1 << 20, givesUp: false);
            codes.Take([frame with { Offset = offset }], out IReadOnlyList<DataFrame> ready);
            DecodingBatch batch = new([[Assert.Single(ready)]]);
            batch.DecodeMedia(0);
            Assert.Equal(LinkErrorCode.Malformed, batch.Results[0].Error);
        }
    }

    private static byte[] Content(CarriedForm form) => [.. form.Write([]), .. Film];

    // Whole frames, not cut to units.
    private static List<DataFrame> Frames(byte[] content, ulong number = 3, bool isParallel = true)
    {
        Assert.True(CarriedForm.TryRead(content, out CarriedForm form));
        MediaBatch batch = new(new OutgoingMessage(number, content), form, 0, form.PartCount, UnitSize);
        ParallelOptions options = new() { MaxDegreeOfParallelism = isParallel ? 2 : 1 };
        Parallel.For(0, batch.Count, options, index => batch.Code(index, null));
        Assert.Contains(batch.Frames, frame => frame.Frame.IsMedia);
        return [.. batch.Frames.Select(frame => frame.Frame)];
    }

    private static List<byte[]> Pack(byte[] content, ulong number, bool isParallel)
    {
        MediaPacker packer = new(UnitSize);
        List<PackedUnit> units = [];
        foreach (DataFrame frame in Frames(content, number, isParallel))
        {
            packer.Add(new MediaFrame(frame, 1), units);
        }

        packer.Close(units);
        return [.. units.Select(unit => unit.ToBytes(isShort: false, UnitSize))];
    }

    private static void Decode(MediaAssembler codes, MessageAssembler messages, IReadOnlyList<DataFrame> frames)
    {
        Assert.Equal(LinkErrorCode.None, codes.Take(frames, out IReadOnlyList<DataFrame> ready));
        while (ready.Count > 0)
        {
            DecodingBatch batch = new([ready]);
            for (int i = 0; i < batch.MediaCount; i++)
            {
                batch.DecodeMedia(i);
            }

            Assert.All(batch.Results, result => Assert.Equal(LinkErrorCode.None, messages.Add(result)));
            ready = codes.TakeReady();
        }
    }
}
