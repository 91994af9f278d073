using System.Text.Json;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Coding;

public class CodingVectorTests
{
    public static TheoryData<string> Codes => VectorFile.Names("coding", "valid", "intervals");

    public static TheoryData<string> BadIntervals => VectorFile.Names("coding", "must_reject", "interval");

    public static TheoryData<string> Frames => VectorFile.Names("coding", "valid", "frame");

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

    [Spec("5.4-1")]
    [Spec("5.4-2")]
    [Spec("5.4-6")]
    [Theory]
    [MemberData(nameof(Frames))]
    public void The_frame_is_the_spec_s_and_decodes(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "valid", "frame", name);
        using var predictor = new AdaptiveBytePredictor();
        byte[] frame = vector.Hex("frame");
        ulong first = vector.GetProperty("first").GetUInt64();
        byte[][] messages = [.. vector.GetProperty("messages").EnumerateArray()
            .Select(m => Convert.FromHexString(m.GetString()!))];
        Assert.Equal(frame, PlainFrame.Write(first, messages, predictor, frame[0] == 0x10));
        (ulong First, byte[][] Messages)? read = PlainFrame.Read(frame, predictor, 65536);
        Assert.Equal(first, read!.Value.First);
        Assert.Equal(messages, read.Value.Messages);
    }

    [Spec("5.4-3")]
    [Spec("5.4-5")]
    [Theory]
    [MemberData(nameof(BadFrames))]
    public void A_bad_frame_gives_nothing(string name)
    {
        JsonElement vector = VectorFile.Find("coding", "must_reject", "frame", name);
        using var predictor = new AdaptiveBytePredictor();
        int limit = vector.TryGetProperty("limit", out JsonElement bytes) ? bytes.GetInt32() : 65536;
        Assert.Null(PlainFrame.Read(vector.Hex("frame"), predictor, limit));
    }

    private static Interval ToInterval(JsonElement interval) =>
        new(interval[0].GetUInt32(), interval[1].GetUInt32(), interval[2].GetInt32());
}
