using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using LinkCodec.Core.Primitives;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace LinkCodec.Tests.Compat;

public sealed partial class BpeTokenizerTests
{
    private static readonly string[] Merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ã ©", "a a", "aa aa"];
    private static readonly Dictionary<string, int> Special = new() { ["<|end|>"] = 1000 };

    [Fact]
    public void Merges_go_by_rank_and_never_across_words()
    {
        BpeTokenizer tokenizer = Make();
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("hello world", out string? _);
        Assert.Equal(["hello", "Ġw", "or", "l", "d"], tokens.Select(t => t.Value));
        Assert.Equal([0..5, 5..7, 7..9, 9..10, 10..11], tokens.Select(t => t.Offset));
        Assert.Equal(tokens.Select(t => t.Id), tokenizer.EncodeToIds("hello world"));
        Assert.Equal(5, tokenizer.CountTokens("hello world"));
    }

    [Fact]
    public void Equal_pairs_merge_from_the_left() =>
        Assert.Equal(["aaaa", "aa", "a"], Make().EncodeToTokens("aaaaaaa", out string? _).Select(t => t.Value));

    [Fact]
    public void A_special_token_stands_alone()
    {
        BpeTokenizer tokenizer = Make();
        Assert.Equal(1000, tokenizer.EncodeToIds("hello<|end|>hello")[1]);
        Assert.Equal("hello<|end|>hello", tokenizer.Decode(tokenizer.EncodeToIds("hello<|end|>hello")));
        Assert.Equal("hellohello", tokenizer.Decode(tokenizer.EncodeToIds("hello<|end|>hello"), considerSpecialTokens: false));
    }

    [Fact]
    public void Every_text_comes_back()
    {
        BpeTokenizer tokenizer = Make();
        RandomSource random = RandomSource.FromSeed(20_240_601);
        string[] alphabet = ["a", "h", "e", "l", "o", " ", "w", "\n", "é", "ж", "字", "🍺", "\0", "'"];
        for (int round = 0; round < 200; round++)
        {
            StringBuilder text = new();
            for (int i = (int)(random.NextUInt64() % 40); i > 0; i--)
            {
                text.Append(alphabet[random.NextUInt64() % (ulong)alphabet.Length]);
            }

            IReadOnlyList<int> ids = tokenizer.EncodeToIds(text.ToString());
            Assert.Equal(text.ToString(), tokenizer.Decode(ids));
            char[] buffer = new char[text.Length];
            Assert.Equal(OperationStatus.Done, tokenizer.Decode(ids, buffer, out int consumed, out int written));
            Assert.Equal((ids.Count, text.Length, text.ToString()), (consumed, written, new string(buffer)));
        }
    }

    [Fact]
    public void Merging_equals_the_plain_definition()
    {
        BpeTokenizer tokenizer = Make();
        RandomSource random = RandomSource.FromSeed(7);
        for (int round = 0; round < 300; round++)
        {
            char[] word = new char[1 + (int)(random.NextUInt64() % 30)];
            for (int i = 0; i < word.Length; i++)
            {
                word[i] = "helloaaor"[(int)(random.NextUInt64() % 9)];
            }

            Assert.Equal(Plain(new string(word)), tokenizer.EncodeToTokens(word, out string? _).Select(t => t.Value));
        }
    }

    [Fact]
    public void A_million_equal_letters_take_n_log_n_steps()
    {
        // A quadratic merge would take hours here, not seconds.
        Assert.Equal(250_000, Make().CountTokens(new string('a', 1_000_000)));
    }

    [Fact]
    public void A_token_limit_never_cuts_a_character()
    {
        BpeTokenizer tokenizer = Make();
        Assert.Equal(4, tokenizer.CountTokens("🍺"));
        // What the count says of a limit inside a character differs between versions of the official package; the place does not.
        Assert.Equal(5, tokenizer.GetIndexByTokenCount("hello🍺", 3, out string? _, out _));
        Assert.Equal(7, tokenizer.GetIndexByTokenCountFromEnd("hello🍺hello", 3, out _, out _));
        Assert.Single(tokenizer.EncodeToIds("hello🍺", 2, out _, out int consumed));
        Assert.Equal(5, consumed);
    }

    [Fact]
    public void A_destination_that_is_too_small_says_so()
    {
        BpeTokenizer tokenizer = Make();
        IReadOnlyList<int> ids = tokenizer.EncodeToIds("hello world");
        Assert.Equal(OperationStatus.DestinationTooSmall, tokenizer.Decode(ids, new char[6], out int consumed, out int written));
        Assert.Equal((1, 5), (consumed, written));
        Assert.Equal(OperationStatus.InvalidData, tokenizer.Decode([999_999], new char[6], out _, out _));
    }

    [Fact]
    public void Over_characters_unknown_ones_are_fused_and_words_end_in_their_suffix()
    {
        Dictionary<string, int> vocabulary = new() { ["?"] = 0, ["a"] = 1, ["b</w>"] = 2, ["ab</w>"] = 3 };
        BpeTokenizer tokenizer = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = ["a b</w>"],
            UnknownToken = "?",
            FuseUnknownTokens = true,
            EndOfWordSuffix = "</w>",
        });
        Assert.Equal([3, 0, 2], tokenizer.EncodeToIds("ab xyzb"));
        Assert.Equal("ab ?b", tokenizer.Decode([3, 0, 2]));
    }

    [Fact]
    public void Files_give_the_same_tokenizer()
    {
        using MemoryStream vocabulary = new(Encoding.UTF8.GetBytes("""{"a":0,"b":1,"ab":2}"""));
        using MemoryStream merges = new(Encoding.UTF8.GetBytes("#version: 0.2\na b\n"));
        Assert.Equal([2, 0], BpeTokenizer.Create(vocabulary, merges).EncodeToIds("aba"));
    }

    [Fact]
    public void A_merge_outside_the_vocabulary_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => BpeTokenizer.Create(new BpeOptions(new Dictionary<string, int> { ["a"] = 0 }) { Merges = ["a a"] }));

    private static BpeTokenizer Make() => BpeTokenizer.Create(new BpeOptions(Vocabulary())
    {
        Merges = Merges,
        ByteLevel = true,
        SpecialTokens = Special,
        PreTokenizer = new RegexPreTokenizer(Gpt2(), Special),
    });

    /// <summary>The 256 bytes as GPT-2 writes them, and what the merges make.</summary>
    private static Dictionary<string, int> Vocabulary()
    {
        Dictionary<string, int> vocabulary = [];
        int next = 256;
        for (int i = 0; i < 256; i++)
        {
            bool printable = i is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            vocabulary.Add(((char)(printable ? i : next++)).ToString(), i);
        }

        foreach (string merge in Merges)
        {
            vocabulary.Add(merge.Replace(" ", "", StringComparison.Ordinal), vocabulary.Count);
        }

        return vocabulary;
    }

    /// <summary>Find the best rank, merge its leftmost pair, start again.</summary>
    private static List<string> Plain(string word)
    {
        List<string> pieces = [.. word.Select(c => c.ToString())];
        while (true)
        {
            int rank = Array.FindIndex(Merges, m => Enumerable.Range(0, pieces.Count - 1).Any(i => m == pieces[i] + " " + pieces[i + 1]));
            if (rank < 0)
            {
                return pieces;
            }

            int at = Enumerable.Range(0, pieces.Count - 1).First(i => Merges[rank] == pieces[i] + " " + pieces[i + 1]);
            pieces[at] += pieces[at + 1];
            pieces.RemoveAt(at + 1);
        }
    }

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2();
}
