using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Gguf;

public sealed class GgufMetadataTests
{
    private static readonly string[] Texts = ["", "a", "Ġb", "\U0001F600"];

    [Fact]
    public void Values_are_read_by_their_type()
    {
        using GgufFile file = new(MappedBytes.Of(Writer().ToArray()));
        GgufMetadata metadata = file.Metadata;
        Assert.Equal("gpt2", metadata.Text("text"));
        Assert.Equal((true, false), (metadata.Flag("true"), metadata.Flag("false")));
        Assert.Equal([255, 4_000_000_000, -5, 1L << 62, -(1L << 62)],
            new[] { "u8", "u32", "i32", "u64", "i64" }.Select(key => metadata.Integer(key)!.Value));
        Assert.Equal([0.5, 0.1, -5], new[] { "f32", "f64", "i32" }.Select(key => metadata.Number(key)!.Value));
        Assert.Equal(Texts, metadata.Texts("texts")!);
        Assert.Equal([1.5, -2.0], metadata.Numbers("floats")!);
        Assert.Equal([3L, -1], metadata.Integers("ints")!);
        Assert.Equal([3.0, -1], metadata.Numbers("ints")!);
        Assert.Empty(metadata.Texts("none")!);
        Assert.Equal(14, metadata.Keys.Count);
    }

    [Fact]
    public void An_absent_key_gives_nothing()
    {
        using GgufFile file = new(MappedBytes.Of(Writer().ToArray()));
        GgufMetadata metadata = file.Metadata;
        Assert.False(metadata.Has("x"));
        Assert.Null(metadata.Text("x"));
        Assert.Null(metadata.Flag("x"));
        Assert.Null(metadata.Integer("x"));
        Assert.Null(metadata.Number("x"));
        Assert.Null(metadata.Texts("x"));
        Assert.Null(metadata.Integers("x"));
        Assert.Null(metadata.Numbers("x"));
    }

    [Fact]
    public void A_value_of_another_type_is_refused_by_name()
    {
        using GgufFile file = new(MappedBytes.Of(Writer().ToArray()));
        GgufMetadata metadata = file.Metadata;
        Action[] mistaken = [() => metadata.Text("u8"), () => metadata.Flag("u8"), () => metadata.Integer("f32"),
            () => metadata.Number("text"), () => metadata.Texts("text"), () => metadata.Integers("floats"),
            () => metadata.Text("texts")];
        Assert.All(mistaken, action =>
        {
            LinkException refused = Assert.Throws<LinkException>(action);
            Assert.Contains("metadata '", refused.Message, StringComparison.Ordinal);
            Assert.Contains("expected", refused.Message, StringComparison.Ordinal);
        });
    }

    private static GgufFileWriter Writer() => new GgufFileWriter()
        .Set("text", "gpt2").Set("true", true).Set("false", false)
        .Set("u8", (byte)255).Set("u32", 4_000_000_000u).Set("i32", -5).Set("u64", 1UL << 62).Set("i64", -(1L << 62))
        .Set("f32", 0.5f).Set("f64", 0.1)
        .Set("texts", Texts).Set("floats", new[] { 1.5f, -2 }).Set("ints", new[] { 3, -1 })
        .Set("none", Array.Empty<string>());
}
