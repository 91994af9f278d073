using System.Security.Cryptography;
using System.Text.Json;
using LinkCodec.Core.PrimedMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.PrimedMixing;

public sealed class PrimedVectorTests
{
    private const string Feature = "primed-mixing";
    private static readonly byte[] Content = PrimedFile.Unpack(
        File.ReadAllBytes(Path.Combine(VectorFile.SpecFolder, "vectors", "primed-tables.bin")));

    public static TheoryData<string> Messages => VectorFile.Names(Feature, "valid", "messages");

    public static TheoryData<string> BadCodes => VectorFile.Names(Feature, "must_reject", "code");

    public static TheoryData<string> BadTables => VectorFile.Names(Feature, "must_reject", "tables");

    [Spec("16.1-1")]
    [Spec("16.1-2")]
    [Spec("16.2-1")]
    [Spec("16.2-2")]
    [Spec("16.2-3")]
    [Spec("16.2-4")]
    [Spec("16.2-5")]
    [Spec("16.3-1")]
    [Spec("16.3-2")]
    [Spec("16.3-3")]
    [Spec("16.4-1")]
    [Spec("16.4-2")]
    [Spec("16.5-1")]
    [Spec("16.5-2")]
    [Spec("16.5-3")]
    [Theory]
    [MemberData(nameof(Messages))]
    public void The_code_is_the_spec_s_and_decodes(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "valid", "messages", name);
        byte[][] messages = [.. vector.GetProperty("messages").EnumerateArray()
            .Select(message => Convert.FromHexString(message.GetString()!))];
        byte[] code = vector.Hex("code");
        int written = code.AsSpan().LastIndexOfAnyExcept((byte)0) + 1; // 5.4-6: zeros may follow
        Assert.Equal(code[..written], Trimmed(PrimedCodes.Write(messages)));

        int[] ends = new int[messages.Length];
        Assert.Equal(LinkErrorCode.None, new PrimedDecoder(PrimedModel.BuiltIn).Decode(
            code, PrimedLayout.Content(code.Length, messages.Length), ends, out byte[] content));
        Assert.Equal(messages, ends.Select((end, i) => content[(i == 0 ? 0 : ends[i - 1])..end]));
    }

    [Spec("16.1-4")]
    [Theory]
    [MemberData(nameof(BadCodes))]
    public void What_is_no_code_is_refused(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "must_reject", "code", name);
        byte[] code = vector.Hex("code");
        int count = vector.GetProperty("count").GetInt32();
        int limit = PrimedLayout.Content(code.Length, count);
        LinkErrorCode error = limit < 0
            ? LinkErrorCode.LimitExceeded
            : new PrimedDecoder(PrimedModel.BuiltIn).Decode(code, limit, new int[count], out _);
        Assert.Equal(vector.GetProperty("error").GetString() == "limit"
            ? LinkErrorCode.LimitExceeded
            : LinkErrorCode.Malformed, error);
    }

    [Spec("16.6-1")]
    [Fact]
    public void The_tables_are_the_spec_s_and_are_written_as_they_were_read()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(VectorFile.SpecFolder, "vectors", Feature + ".json")));
        Assert.Equal(document.RootElement.GetProperty("tables_sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(Content)));
        Assert.True(PrimedFile.TryRead(Content, out PrimedModel? model));
        Assert.Equal(Content, PrimedFile.Write(model));
        Assert.Equal(Content, PrimedFile.Unpack(PrimedFile.Pack(Content)));
    }

    [Spec("16.6-2")]
    [Theory]
    [MemberData(nameof(BadTables))]
    public void Broken_tables_are_refused(string name)
    {
        JsonElement vector = VectorFile.Find(Feature, "must_reject", "tables", name);
        byte[] content = [.. Content];
        if (vector.TryGetProperty("more", out JsonElement more))
        {
            Array.Resize(ref content, content.Length + more.GetInt32());
        }
        else
        {
            vector.Hex("bytes").CopyTo(content, vector.GetProperty("at").GetInt32());
        }

        Assert.False(PrimedFile.TryRead(content, out _));
    }

    private static byte[] Trimmed(byte[] code) => code[..(code.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)];
}
