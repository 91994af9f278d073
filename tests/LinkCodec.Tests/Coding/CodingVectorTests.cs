using System.Text.Json;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Coding;

public class CodingVectorTests
{
    public static TheoryData<string> Codes => VectorFile.Names("coding", "valid", "intervals");

    public static TheoryData<string> BadIntervals => VectorFile.Names("coding", "must_reject", "interval");

    public static TheoryData<string> Frames => VectorFile.Names("coding", "valid", "frame");

    public static TheoryData<string> Streams => VectorFile.Names("coding", "valid", "stream");

    public static TheoryData<string> BadFrames => VectorFile.Names("coding", "must_reject", "frame");

    [Spec("5.1-1")]
    [Spec("5.1-2")]
    [Spec("5.1-3")]
    [Spec("5.1-4")]
    [Spec("5.2-1")]
    [Spec("5.2-2")]
    [Theory]
    [MemberData(nameof(Codes))]
    public void The_code_is_the_spec_s_and_decodes(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "valid", "intervals", name);
        int repeat = vector.TryGetProperty("repeat", out JsonElement times) ? times.GetInt32() : 1;
        Interval[] once = [.. vector.GetProperty("intervals").EnumerateArray().Select(ToInterval)];
        IEnumerable<Interval> intervals = Enumerable.Repeat(once, repeat).SelectMany(i => i);
        byte[] code = vector.Hex("code");
        Assert.Equal(code, Coder.Encode(intervals));
        Assert.Equal(-1, Coder.FirstWrong(code, intervals));
    }

    [Theory]
    [MemberData(nameof(BadIntervals))]
    public void What_is_no_interval_is_refused(string name)
    {
        Interval i = ToInterval(VectorFile.Find("coding", "must_reject", "interval", name).GetProperty("interval"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RangeEncoder().Encode(i.Cumulative, i.Frequency, i.Bits));
    }

    [Spec("4.3-7")]
    [Spec("5.4-1")]
    [Spec("5.4-2")]
    [Spec("5.4-6")]
    [Spec("5.5-2")]
    [Theory]
    [MemberData(nameof(Frames))]
    public void The_frame_is_the_spec_s_and_decodes(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "valid", "frame", name);
        using var predictor = new AdaptiveBytePredictor();
        byte[] frame = vector.Hex("frame");
        ulong first = vector.GetProperty("first").GetUInt64();
        ulong offset = Number(vector, "offset");
        bool isCut = vector.TryGetProperty("cut", out JsonElement cut) && cut.GetBoolean();
        byte[][] messages = [.. vector.GetProperty("messages").EnumerateArray()
            .Select(m => Convert.FromHexString(m.GetString()!))];
        bool toEnd = ((frame[0] >> 4) & 7) is 0 or 1 or 3 or 5;
        Assert.Equal(frame, PlainFrame.Write(first, messages, predictor, toEnd, offset, isCut, frame[0] < 0x90));
        Assert.Equal(
            messages.Select((content, i) => new MessagePart(first + (ulong)i, i == 0 ? offset : 0,
                !isCut || i < messages.Length - 1, Convert.ToHexStringLower(content))),
            PlainFrame.Read(frame, predictor, Number(vector, "end")));
    }

    [Spec("5.5-1")]
    [Spec("5.5-2")]
    [Spec("7.1-4")]
    [Spec("7.4-6")]
    [Theory]
    [MemberData(nameof(Streams))]
    public void Segments_start_from_what_others_have_left_in_slots(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "valid", "stream", name);
        using var predictor = new AdaptiveBytePredictor();
        using ContextPool pool = new(predictor);
        using ReceiverContexts contexts = new(pool, isChained: false);
        foreach (JsonElement segment in vector.GetProperty("segments").EnumerateArray())
        {
            Assert.Equal(
                segment.GetProperty("pieces").EnumerateArray().Select(piece => new MessagePart(
                    piece[0].GetUInt64(), piece[1].GetUInt64(), piece[2].GetInt32() == 1, piece[3].GetString()!)),
                PlainFrame.Read(segment.Hex("segment"), predictor, contexts: contexts));
        }
    }

    [Spec("5.4-3")]
    [Spec("5.4-5")]
    [Spec("5.5-6")]
    [Theory]
    [MemberData(nameof(BadFrames))]
    public void A_bad_frame_gives_nothing(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "must_reject", "frame", name);
        using var predictor = new AdaptiveBytePredictor();
        using ContextPool pool = new(predictor);
        using ReceiverContexts contexts = new(pool, isChained: false);
        if (vector.TryGetProperty("before", out JsonElement before))
        {
            foreach (JsonElement segment in before.EnumerateArray())
            {
                byte[] earlier = Convert.FromHexString(segment.GetString()!);
                Assert.NotNull(PlainFrame.Read(earlier, predictor, contexts: contexts));
            }
        }

        Assert.Null(PlainFrame.Read(vector.Hex("frame"), predictor, Number(vector, "end"), contexts));
    }

    private static ulong Number(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : 0;

    private static Interval ToInterval(JsonElement interval) =>
        new(interval[0].GetUInt32(), interval[1].GetUInt32(), interval[2].GetInt32());
}
