using System.Text.Json;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Session;
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
            if (type == (int)FrameType.Repair)
            {
                RepairFrame repair = segment.Repair!.Value;
                Assert.Equal((ulong)repair.Reach, Number(expected, "reach"));
                Assert.Equal($"[{repair.BackToLast}, {repair.BackToLastButOne}]",
                    expected.GetProperty("distances").GetRawText());
                Assert.Equal(Text(expected, "bytes"), Convert.ToHexStringLower(repair.Symbol.Span));
            }
            else if (type >= (int)FrameType.Block)
            {
                AssertData(expected, unit.Dequeue());
            }
            else if (type != (int)FrameType.Padding)
            {
                Frame frame = frames.Dequeue();
                Assert.Equal((type, Number(expected, "value")), ((int)frame.Type, frame.Value));
                Assert.True(frame.Held == default
                    || $"[{frame.Held.Equations}, {frame.Held.Unknown}]" == expected.GetProperty("held").GetRawText());
                Assert.Equal(Text(expected, "bytes"),
                    frame.Type == FrameType.Recovered ? "" : Convert.ToHexStringLower(frame.Bytes.Span));
            }
        }

        Assert.Equal((0, 0), (frames.Count, unit.Count));
        if (segment.Unit.Count > 0 && !EndsWithLength(vector))
        {
            string written = Convert.ToHexStringLower(Written(segment.Unit));
            Assert.EndsWith(written, Text(vector, "segment"), StringComparison.Ordinal);
        }
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
    [Spec("4.3-7")]
    [Spec("4.3-8")]
    [Spec("15.2-1")]
    [Spec("15.4-1")]
    [Spec("15.5-1")]
    [MemberData(nameof(Rejected))]
    public void A_malformed_segment_is_refused(string name) =>
        Assert.False(Segment.TryRead(SegmentOf(Find("must_reject", name)), out _));

    [Fact]
    [Spec("4.3-7")]
    public void Short_numbers_are_completed_as_the_vectors_say()
    {
        foreach (JsonElement vector in Vectors.Value.GetProperty("numbers").EnumerateArray())
        {
            MessageNumbers numbers = new();
            if (Number(vector, "end") > 0)
            {
                numbers.OnUnit(4, Number(vector, "end"));
            }

            numbers.OnUnit(6, 1 << 20); // A later segment makes no difference.
            Assert.True(numbers.TryComplete(5, (byte)Number(vector, "low"), out ulong number));
            Assert.Equal(Number(vector, "number"), number);
        }
    }

    private static void AssertData(JsonElement expected, DataFrame frame)
    {
        int type = expected.GetProperty("type").GetInt32();
        bool isCoded = type >= (int)FrameType.Coded;
        DataFrameKind kind = isCoded ? DataFrameKind.Coded : (DataFrameKind)((type - (int)FrameType.Block) >> 1);
        Assert.Equal((kind, Number(expected, "message")), (frame.Kind, frame.FirstMessage));
        Assert.Equal(isCoded && ((type >> 4) & 7) == (int)CodedForm.Short, frame.IsShort);
        Assert.Equal(Number(expected, "offset"), frame.Offset);
        Assert.Equal(Number(expected, "base"), (ulong)frame.Base);
        Assert.Equal(Number(expected, "keep"), (ulong)frame.Keep);
        Assert.Equal((uint)Number(expected, "check"), frame.Check);
        Assert.Equal(Text(expected, "payload"), Convert.ToHexStringLower(frame.Payload.Span));
        bool saysLast = frame.IsPart || frame.IsMedia;
        Assert.Equal(saysLast ? Number(expected, "last") == 1 : Number(expected, "cut") == 0, frame.IsLast);
        Assert.Equal(Number(expected, "place"), (2 * (ulong)frame.CodeStart) + (frame.EndsCode ? 1u : 0u));
        Assert.Equal(expected.TryGetProperty("count", out JsonElement count) ? count.GetInt32() : 1, frame.Count);
    }

    // The writer says no length in the last frame of a unit.
    private static bool EndsWithLength(JsonElement vector)
    {
        int type = vector.GetProperty("frames").EnumerateArray().Last().GetProperty("type").GetInt32();
        return type >= (int)FrameType.Coded
            ? (CodedForm)((type >> 4) & 7) is CodedForm.OneWithLength or CodedForm.ManyWithLength
                or CodedForm.RestWithLength
            : (type & 1) != 0;
    }

    private static byte[] Written(IReadOnlyList<DataFrame> unit)
    {
        List<byte> bytes = [];
        for (int i = 0; i < unit.Count; i++)
        {
            bool toEnd = i == unit.Count - 1;
            byte[] frame = new byte[DataFrameWriter.Length(unit[i], toEnd)];
            Assert.Equal(frame.Length, DataFrameWriter.Write(frame, unit[i], toEnd));
            bytes.AddRange(frame);
        }

        return [.. bytes];
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
