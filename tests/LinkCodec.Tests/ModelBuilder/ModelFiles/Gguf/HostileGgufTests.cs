using System.Text;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Gguf;

public sealed class HostileGgufTests
{
    private static readonly byte[] One = [0, 0, 0x80, 0x3F];

    public static TheoryData<string, byte[], string> Spoilt => new()
    {
        { "no magic", "GGML and more"u8.ToArray(), "begins with" },
        { "two bytes", "GG"u8.ToArray(), "begins with" },
        { "version 1", new GgufFileWriter { Version = 1 }.ToArray(), "found 1" },
        { "big-endian", new GgufFileWriter { Version = 3u << 24 }.ToArray(), "little-endian" },
        { "only a magic", "GGUF"u8.ToArray(), "cut short" },
        { "a list cut short", Writer().Set("ids", new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }).ToArray()[..60], "cut short" },
        { "too many tensors", Writer().ToArray(tensors: ulong.MaxValue), "tensors: expected at most" },
        { "more tensors than bytes", Writer().ToArray(tensors: 60_000), "cut short" },
        { "too many values", Writer().ToArray(keys: 1UL << 40), "metadata values: expected at most" },
        { "more values than bytes", Writer().ToArray(keys: 60_000), "cut short" },
        { "a key of no UTF-8", Replaced(Writer().Set("zz", 1u), "zz", [0xC3, 0x28]), "UTF-8" },
        { "two keys alike", Writer().Set("a", 1u).Set("a", 1u).ToArray(), "two metadata values" },
        { "a type that nobody knows",
            Replaced(Writer().Set("zz", 0x7FFF_FFFFu), [.. "zz"u8, 4], [.. "zz"u8, 13]), "found 13" },
        { "a list of lists",
            Replaced(Writer().Set("zz", new[] { 1u }), [.. "zz"u8, 9, 0, 0, 0, 4], [.. "zz"u8, 9, 0, 0, 0, 9]),
            "lists of lists" },
        { "a list too long", Replaced(Writer().Set("zz", new[] { 1u }), [.. "zz"u8, 9, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0],
            [.. "zz"u8, 9, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0x80]), "expected at most" },
        { "a text longer than the file", Replaced(Writer().Set("zz", "four"), [4, 0, 0, 0, 0, 0, 0, 0],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), "cut short" },
        { "an alignment of 24", Writer().Set("general.alignment", 24u).ToArray(), "power of two" },
        { "an alignment of 0", Writer().Set("general.alignment", 0u).ToArray(), "power of two" },
        { "an alignment that is a text", Writer().Set("general.alignment", "32").ToArray(), "a whole number" },
        { "no dimension", Writer().Tensor("t", 0, One).ToArray(), "dimensions, found 0" },
        { "five dimensions", Writer().Tensor("t", 0, One, 1, 1, 1, 1, 1).ToArray(), "dimensions, found 5" },
        { "a dimension of 0", Writer().Tensor("t", 0, One, 0).ToArray(), "found 0" },
        { "a dimension of 2^63", Writer().Tensor("t", 0, One, 1UL << 63).ToArray(), "expected a dimension" },
        { "dimensions that overflow", Writer().Tensor("t", 0, One, 1 << 24, 1 << 24, 1 << 24, 1 << 24).ToArray(),
            "more than" },
        { "a type that is not read", Writer().Tensor("t", 10, One, 256).ToArray(), "found type 10" },
        { "a row of no whole blocks", Writer().Tensor("t", 8, new byte[34], 33).ToArray(), "multiple of 32" },
        { "numbers beyond the end", Writer().Tensor("t", 0, One, 2).ToArray(), "ends before" },
        { "an offset beyond the end", Writer().TensorAt("t", 0, 1UL << 63, 1).ToArray(), "ends before" },
        { "an odd offset", Writer().TensorAt("t", 0, 4, 1).Tensor("u", 0, new byte[64], 16).ToArray(),
            "multiple of 32" },
        { "tensors that overlap",
            Writer().TensorAt("t", 0, 0, 16).Tensor("u", 0, new byte[64], 16).ToArray(), "overlap" },
        { "two tensors alike", Writer().Tensor("t", 0, One, 1).Tensor("t", 0, One, 1).ToArray(), "two tensors" },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void A_file_that_is_spoilt_is_refused_in_one_line(string how, byte[] bytes, string why)
    {
        LinkException refused = Assert.Throws<LinkException>(() => new GgufFile(MappedBytes.Of(bytes)));
        Assert.True(refused.Message.Contains(why, StringComparison.Ordinal), $"{how}: {refused.Message}");
        Assert.True(refused.Code is LinkErrorCode.SnapshotNotFound or LinkErrorCode.LimitExceeded, how);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        byte[] whole = TinyModelFiles.Gguf(new TinyModel("qwen3")
        {
            Layers = 1,
            Width = 4,
            Heads = 1,
            KeyValueHeads = 1,
            HeadWidth = 2,
            FeedForwardWidth = 2,
            Vocabulary = 2,
            Context = 4,
        });
        MappedBytes.Gguf(whole).Dispose();
        for (int length = 1; length < whole.Length; length++)
        {
            Assert.Throws<LinkException>(() => MappedBytes.Gguf(whole[..length]));
        }
    }

    [Fact]
    public void Control_characters_of_a_file_stay_out_of_the_message()
    {
        byte[] bytes = Writer().Tensor("t\n\u001b[2J" + new string('x', 100), 10, One, 256).ToArray();
        string message = Assert.Throws<LinkException>(() => new GgufFile(MappedBytes.Of(bytes))).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, 200);
    }

    private static GgufFileWriter Writer() => new GgufFileWriter().Set("general.name", "spoilt");

    private static byte[] Replaced(GgufFileWriter writer, string from, byte[] to) =>
        Replaced(writer, Encoding.UTF8.GetBytes(from), to);

    private static byte[] Replaced(GgufFileWriter writer, byte[] from, byte[] to)
    {
        byte[] bytes = writer.ToArray();
        int at = bytes.AsSpan().LastIndexOf(from);
        to.CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
