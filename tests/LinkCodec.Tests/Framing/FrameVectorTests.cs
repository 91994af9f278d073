using System.Text.Json;
using LinkCodec.Core.Framing;
using Xunit;

namespace LinkCodec.Tests.Framing;

/// <summary>protocol-spec/vectors/frames.json, which protocol-spec/reference/frames.py reads too.</summary>
public sealed class FrameVectorTests
{
    private static readonly Lazy<JsonElement> Vectors =
        new(() => JsonDocument.Parse(Repository.Read("protocol-spec/vectors/frames.json")).RootElement);

    public static TheoryData<string> Valid => Names("valid");

    public static TheoryData<string> Rejected => Names("must_reject");

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_segment_reads_as_the_vector_says(string name)
    {
        JsonElement vector = Find("valid", name);
        byte[] bytes = SegmentOf(vector);
        Assert.True(Segment.TryRead(bytes, out Segment segment));
        Queue<Frame> frames = new(segment.Frames);
        Queue<DataFrame> unit = new(segment.Unit);
        foreach (JsonElement expected in vector.GetProperty("frames").EnumerateArray())
        {
            int type = expected.GetProperty("type").GetInt32();
            if (type >= (int)FrameType.Coded)
            {
                AssertData(expected, unit.Dequeue());
            }
            else if (type != (int)FrameType.Padding)
            {
                Frame frame = frames.Dequeue();
                Assert.Equal((type, Number(expected, "value")), ((int)frame.Type, frame.Value));
                Assert.Equal(Text(expected, "bytes"), Convert.ToHexStringLower(frame.Bytes.Span));
            }
        }

        Assert.Equal((0, 0), (frames.Count, unit.Count));
    }

    [Theory]
    [Spec("4.1-1")]
    [Spec("4.1-2")]
    [Spec("4.2-1")]
    [Spec("4.2-2")]
    [Spec("4.2-3")]
    [Spec("4.3-1")]
    [Spec("4.3-2")]
    [Spec("4.3-5")]
    [Spec("4.3-6")]
    [MemberData(nameof(Rejected))]
    public void A_malformed_segment_is_refused(string name) =>
        Assert.False(Segment.TryRead(SegmentOf(Find("must_reject", name)), out _));

    private static void AssertData(JsonElement expected, DataFrame frame)
    {
        int kind = (expected.GetProperty("type").GetInt32() - (int)FrameType.Coded) >> 1;
        Assert.Equal((kind, Number(expected, "message")), ((int)frame.Kind, frame.FirstMessage));
        Assert.Equal(Number(expected, "offset"), frame.Offset);
        Assert.Equal(Number(expected, "base"), (ulong)frame.Base);
        Assert.Equal((uint)Number(expected, "check"), frame.Check);
        Assert.Equal(Text(expected, "payload"), Convert.ToHexStringLower(frame.Payload.Span));
        Assert.Equal(!frame.IsPart || Number(expected, "last") == 1, frame.IsLast);
        Assert.Equal(expected.TryGetProperty("count", out JsonElement count) ? count.GetInt32() : 1, frame.Count);
    }

    private static byte[] SegmentOf(JsonElement vector) =>
        Convert.FromHexString(vector.GetProperty("segment").GetString()!);

    private static ulong Number(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : 0;

    private static string Text(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";

    private static JsonElement Find(string list, string name) =>
        Vectors.Value.GetProperty(list).EnumerateArray().Single(v => v.GetProperty("name").GetString() == name);

    private static TheoryData<string> Names(string list)
    {
        TheoryData<string> names = [];
        foreach (JsonElement vector in Vectors.Value.GetProperty(list).EnumerateArray())
        {
            names.Add(vector.GetProperty("name").GetString()!);
        }

        return names;
    }
}
