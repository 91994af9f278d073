using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;
using LinkCodec.Tests.Language.Tokenization;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Tokenizers;

public sealed class VocabularyDataTests
{
    private static readonly string[] Tokens = ["<|endoftext|>", "a", "b", "ab", "c"];

    [Theory]
    [InlineData("gpt2", "gpt-2", PreTokenizerPattern.Gpt2)]
    [InlineData("gpt2", "default", PreTokenizerPattern.Gpt2)]
    [InlineData("gpt2", "smollm", PreTokenizerPattern.Gpt2Digits)]
    [InlineData("gpt2", "llama-bpe", PreTokenizerPattern.Llama3)]
    [InlineData("gpt2", "qwen2", PreTokenizerPattern.Qwen2)]
    [InlineData("gpt2", "tekken", PreTokenizerPattern.Tekken)]
    [InlineData("llama", "default", PreTokenizerPattern.Spaces)]
    public void Names_of_a_gguf_file_are_known(string model, string pre, object pattern) =>
        Assert.Equal(pattern,
            VocabularyData.FromGguf("m.gguf", model, pre, Tokens, ["a b"], [], [3, 1, 1, 1, 1], null).Pattern);

    [Theory]
    [InlineData("bert", "default", "'bert'")]
    [InlineData("gpt2", "klingon\n", "'klingon?'")]
    public void Other_names_are_refused_by_name(string model, string pre, string named)
    {
        LinkException refusal =
            Assert.Throws<LinkException>(() => VocabularyData.FromGguf("m.gguf", model, pre, Tokens, [], [], [], null));
        Assert.StartsWith("m.gguf: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "merge 0 is no pair")]
    [InlineData("", "merge 0 is no pair")]
    [InlineData(" ", "merge 0 is no pair")]
    [InlineData("a x", "merge 0 names no token")]
    [InlineData("b a", "merge 0 names no token")]
    public void Merges_that_lead_nowhere_are_refused(string merge, string why) =>
        Refuses(why, () => Make([merge]).ToTable());

    [Fact]
    public void Lists_of_other_lengths_are_refused()
    {
        Refuses("5 tokens have 1 types", () => VocabularyData.FromGguf("m", "gpt2", "", Tokens, [], [], [1], null));
        Refuses("5 tokens have 5 types and 1 scores", () => (Make([]) with { Scores = [1f] }).ToTable());
        Refuses("the token before a message is 5 of 5", () => (Make([]) with { BeginToken = 5 }).ToTable());
    }

    [Fact]
    public void Limits_are_checked_before_anything_is_built()
    {
        LinkException refusal = Assert.Throws<LinkException>(
            () => (Make([]) with { Tokens = new string[TokenTable.MaxTokens + 1] }).ToTable());
        Assert.Equal(LinkErrorCode.LimitExceeded, refusal.Code);
        refusal = Assert.Throws<LinkException>(
            () => (Make([]) with { Tokens = ["", "", "", "", new string('x', 1025)] }).ToTable());
        Assert.Equal(LinkErrorCode.LimitExceeded, refusal.Code);
    }

    [Fact]
    public void Tokens_that_nothing_could_reach_become_control_tokens()
    {
        TokenTable table = VocabularyData
            .FromGguf("m", "gpt2", "", ["a", "a", "", "日", "b"], [], [], [1, 1, 1, 1, 5], 0).ToTable();
        Assert.Equal([TokenType.Normal, TokenType.Control, TokenType.Control, TokenType.Control, TokenType.Control],
            table.Kinds);
    }

    [Fact]
    public void A_token_that_is_called_a_byte_must_be_written_as_one() =>
        Refuses("token 1 is called a byte",
            () => VocabularyData.FromGguf("m", "llama", "", ["a", "<0xG0>"], [], [0, 0], [1, 6], 0).ToTable());

    [Fact]
    public void The_end_of_text_stands_before_a_message_whatever_chats_begin_with()
    {
        Assert.Equal(2, VocabularyData.ChooseBeginToken(["<s>", "x", "<|endoftext|>"], 1));
        Assert.Equal(1, VocabularyData.ChooseBeginToken(["<s>", "x"], 1));
        Assert.Equal(1, VocabularyData.ChooseBeginToken(["x", "<s>"], null));
        Assert.Equal(0, VocabularyData.ChooseBeginToken(["x", "y"], null));
    }

    [Fact]
    public void A_cut_vocabulary_keeps_the_token_before_a_message_and_drops_merges()
    {
        VocabularyData whole = VocabularyData.FromGguf("m", "gpt2", "", ["a", "b", "ab", "c", "abc", "<|endoftext|>"],
            ["a b", "ab c"], [], [1, 1, 1, 1, 1, 3], null);
        (VocabularyData cut, int[] kept) = whole.Cut(5);
        Assert.Equal([0, 1, 2, 3, 5], kept);
        Assert.Equal(4, cut.BeginToken);
        Assert.Equal([("a", "b")], cut.Merges);
        Assert.Equal([2, 3], TinyVocabulary.Encode(new BytePairTokenizer(cut.ToTable()), [.. "abc"u8]));
        Assert.Equal([4], TinyVocabulary.Encode(new BytePairTokenizer(whole.Cut(100).Data.ToTable()), [.. "abc"u8]));
    }

    private static VocabularyData Make(string[] merges) =>
        VocabularyData.FromGguf("m", "gpt2", "", Tokens, merges, [], [3, 1, 1, 1, 1], null);

    private static void Refuses(string why, Func<object> act) =>
        Assert.Contains(why, Assert.Throws<LinkException>(act).Message, StringComparison.Ordinal);
}
