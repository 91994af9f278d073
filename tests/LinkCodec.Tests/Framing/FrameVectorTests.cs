using System.Text.Json;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
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
        FrameReader reader = new(Convert.FromHexString(vector.GetProperty("segment").GetString()!));
        foreach (JsonElement expected in vector.GetProperty("frames").EnumerateArray())
        {
            Assert.True(reader.TryRead(out Frame frame));
            Assert.Equal(expected.GetProperty("type").GetInt32(), (int)frame.Type);
            if (frame.IsData)
            {
                AssertData(expected, frame.Bytes);
                continue;
            }

            Assert.Equal(Number(expected, "value"), frame.Value);
            Assert.Equal(Text(expected, "bytes"), Convert.ToHexStringLower(frame.Bytes));
        }

        Assert.False(reader.TryRead(out _));
        Assert.Equal(LinkErrorCode.None, reader.Error);
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
        Assert.Equal(LinkErrorCode.Malformed, FrameReader.Validate(Convert.FromHexString(Find("must_reject", name).GetProperty("segment").GetString()!)));

    private static void AssertData(JsonElement expected, ReadOnlySpan<byte> bytes)
    {
        Assert.True(DataFrameReader.TryRead(ref bytes, out DataFrame frame));
        Assert.True(bytes.IsEmpty);
        Assert.Equal(Number(expected, "message"), frame.FirstMessage);
        Assert.Equal(Number(expected, "offset"), frame.Offset);
        Assert.Equal(Number(expected, "base"), frame.Base);
        Assert.Equal((uint)Number(expected, "check"), frame.Check);
        Assert.Equal(Text(expected, "payload"), Convert.ToHexStringLower(frame.Payload));
        Assert.Equal(!frame.IsPart || Number(expected, "last") == 1, frame.IsLast);
        Assert.Equal(frame.Kind is DataFrameKind.Coded or DataFrameKind.StoredMany ? (int)Number(expected, "count") : frame.IsPart ? 0 : 1, frame.Count);
    }

    private static ulong Number(JsonElement vector, string name) => vector.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : 0;

    private static string Text(JsonElement vector, string name) => vector.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";

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
