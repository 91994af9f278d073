using System.Text;
using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Language.Tokenization;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Tokenizers;

public sealed class TokenizerJsonReaderTests
{
    private const string ByteLevel =
        """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";
    private const string PlainByteLevel = """{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}""";
    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Good = """
        {"version":"1.0","added_tokens":[{"id":0,"content":"<|endoftext|>","special":true},{"id":5,"content":"<tag>","special":false}],
        "normalizer":{"type":"NFC"},"pre_tokenizer":PRE,"model":{"type":"BPE","unk_token":null,"continuing_subword_prefix":"","byte_fallback":false,
        "vocab":{"<|endoftext|>":0,"a":1,"b":2,"ab":3,"Ġ":4},"merges":["a b"]}}
        """;

    private const string Fallback = """
        {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true}],"pre_tokenizer":PRE,
        "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
        "model":{"type":"BPE","unk_token":"<unk>","byte_fallback":true,"vocab":{"<unk>":0,"<s>":1,"<0x0A>":2,"a":3,"▁":4,"▁a":5},"merges":[["▁","a"]]}}
        """;

    [Fact]
    public void A_vocabulary_of_bytes_is_read()
    {
        VocabularyData data = Read(Good.Replace("PRE", ByteLevel, StringComparison.Ordinal));
        Assert.Equal((TokenizerFamily.ByteLevel, PreTokenizerPattern.Gpt2, 0),
            (data.Family, data.Pattern, data.BeginToken));
        Assert.Equal(["<|endoftext|>", "a", "b", "ab", "Ġ", "<tag>"], data.Tokens);
        Assert.Equal([TokenType.Control, TokenType.Normal, TokenType.Normal, TokenType.Normal, TokenType.Normal,
            TokenType.UserDefined], data.Kinds);
        Assert.Equal([3, 4, 1, 5, ~'c'],
            TinyVocabulary.Encode(new BytePairTokenizer(data.ToTable()), [.. "ab a<tag>c"u8]));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""")]
    public void A_vocabulary_with_a_fallback_to_bytes_is_read(string pre)
    {
        VocabularyData data = Read(Fallback.Replace("PRE", pre, StringComparison.Ordinal));
        Assert.Equal((TokenizerFamily.SentencePiece, PreTokenizerPattern.Spaces, 1),
            (data.Family, data.Pattern, data.BeginToken));
        Assert.Equal([3, 5, 2, ~'b', 4, 4],
            TinyVocabulary.Encode(new BytePairTokenizer(data.ToTable()), [.. "a a\nb  "u8]));
    }

    [Fact]
    public void Both_spellings_of_merges_mean_the_same() => Assert.Equal(
        Read(Good.Replace("PRE", ByteLevel, StringComparison.Ordinal)).Merges,
        Read(Good.Replace("PRE", ByteLevel, StringComparison.Ordinal)
            .Replace("\"a b\"", "[\"a\",\"b\"]", StringComparison.Ordinal)).Merges);

    [Fact]
    public void Sequences_of_steps_become_patterns()
    {
        Assert.Equal(PreTokenizerPattern.Gpt2Digits,
            Pattern("""{"type":"Digits","individual_digits":true}""", ByteLevel));
        Assert.Equal(PreTokenizerPattern.Gpt2Digits, Pattern(
            """{"type":"Split","pattern":{"Regex":"\\p{N}"},"behavior":"Isolated","invert":false}""", ByteLevel));
        Assert.Equal(PreTokenizerPattern.Llama3, Pattern(Split(Llama3), PlainByteLevel));
        Assert.Equal(PreTokenizerPattern.Qwen2,
            Pattern(Split(Llama3.Replace("{1,3}", "", StringComparison.Ordinal)), PlainByteLevel));
        Assert.Equal(PreTokenizerPattern.None, Pattern(PlainByteLevel));
    }

    [Theory]
    [InlineData("""{"type":"Whitespace"}""", "'Whitespace'")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "'Digits'")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated"}""", "'(a+)+$'")]
    [InlineData("null", "neither of bytes nor")]
    [InlineData("{}", "missing")]
    [InlineData("[]", "of another kind")]
    [InlineData("""{"type":7}""", "of another kind")]
    public void Other_steps_are_refused_by_name(string pre, string named) =>
        Refuses(Good.Replace("PRE", pre, StringComparison.Ordinal), named);

    [Theory]
    [InlineData("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "'Unigram'")]
    [InlineData("\"continuing_subword_prefix\":\"\"", "\"continuing_subword_prefix\":\"##\"",
        "continuing_subword_prefix")]
    [InlineData("\"b\":2", "\"b\":1", "two tokens have the id 1")]
    [InlineData("\"b\":2", "\"a\":2", "a name twice")]
    [InlineData("\"b\":2", "\"b\":-1", "a token's id")]
    [InlineData("\"b\":2", "\"b\":2000000000", "a token's id")]
    [InlineData("\"b\":2", "\"b\":2.5", "a token's id")]
    [InlineData("\"b\":2", "\"b\":\"2\"", "of another kind")]
    [InlineData("\"b\":2", "\"b\":9", "no token has the id 2")]
    [InlineData("\"id\":5", "\"id\":4", "two tokens have the id 4")]
    [InlineData("\"id\":5", "\"id\":6", "no token has the id 5")]
    [InlineData("\"id\":5,", "", "an added token has no id")]
    [InlineData("\"<tag>\"", "\"\\ud800\"", "no Unicode text")]
    [InlineData("\"a b\"", "\"a x\"", "merge 0 names no token")]
    [InlineData("\"a b\"", "\"a\"", "merge 0 is no pair")]
    [InlineData("\"a b\"", "[\"a\"]", "merge 0 is no pair")]
    [InlineData("\"a b\"", "[\"a\",7]", "of another kind")]
    [InlineData("\"model\"", "\"motel\"", "it has no model")]
    [InlineData("\"vocab\"", "\"words\"", "no vocabulary")]
    [InlineData("[\"a b\"]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "nested deeper")]
    [InlineData("}}", "}", "no JSON")]
    public void Spoiled_files_are_refused_in_one_line(string from, string to, string why) =>
        Refuses(Good.Replace("PRE", ByteLevel, StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal),
            why);

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.OpenWrite(path))
            {
                stream.SetLength(TokenizerJsonReader.MaxBytes + 1L);
            }

            Assert.Equal(LinkErrorCode.LimitExceeded,
                Assert.Throws<LinkException>(() => TokenizerJsonReader.ReadFile(path)).Code);
            File.WriteAllText(path, Good.Replace("PRE", ByteLevel, StringComparison.Ordinal));
            Assert.Equal(6, TokenizerJsonReader.ReadFile(path).Tokens.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static VocabularyData Read(string json) =>
        TokenizerJsonReader.Read(Encoding.UTF8.GetBytes(json), "tokenizer.json");

    private static PreTokenizerPattern Pattern(params string[] steps) =>
        Read(Good.Replace("PRE", $$"""{"type":"Sequence","pretokenizers":[{{string.Join(',', steps)}}]}""",
            StringComparison.Ordinal)).Pattern;

    private static string Split(string expression) =>
        $$$"""{"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(expression)}}}},"behavior":"Isolated","invert":false}""";

    private static void Refuses(string json, string why)
    {
        LinkException refusal = Assert.Throws<LinkException>(() => Read(json).ToTable());
        Assert.StartsWith("tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
