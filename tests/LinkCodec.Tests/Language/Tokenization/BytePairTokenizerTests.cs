using System.Text;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Models.Language.Tokenization;
using Xunit;

namespace LinkCodec.Tests.Language.Tokenization;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Bytes = new(TinyVocabulary.ByteLevel().ToTable());
    private static readonly BytePairTokenizer Gaps = new(
        TinyVocabulary.ByteLevel(0xC0, 0xFF, 0x00, (byte)'z', 0xE6).ToTable());
    private static readonly BytePairTokenizer Characters = new(TinyVocabulary.SentencePiece().ToTable());

    public static TheoryData<string, byte[]> Messages => new()
    {
        { "nothing", [] },
        { "a NUL", [0] },
        { "NULs", new byte[1000] },
        { "every byte", [.. Enumerable.Range(0, 256).Select(value => (byte)value)] },
        { "every byte backwards", [.. Enumerable.Range(0, 256).Select(value => (byte)(255 - value))] },
        { "spaces", [.. Enumerable.Repeat((byte)' ', 100_000)] },
        { "spaces and a letter", [.. Enumerable.Repeat((byte)' ', 100_000), (byte)'x'] },
        { "emoji", Encoding.UTF8.GetBytes("🚀🧑‍🚀 👍🏽 e\u0301 \u00A0\u2003🇩🇪") },
        { "Chinese and Japanese", Encoding.UTF8.GetBytes("日本国憲法、天地玄黄。") },
        { "Arabic", Encoding.UTF8.GetBytes("السلام عليكم ١٢٣") },
        { "line ends", Encoding.UTF8.GetBytes("a\r\n\r\nb\n\n\n c\t\v\f\u0085\u2028d \n ") },
        { "names of tokens", Encoding.UTF8.GetBytes("<|endoftext|><s><0x41><unk> <tag> ▁the ▁ Ġthe <tag") },
        { "overlong", [(byte)'a', 0xC0, 0x80, 0xE0, 0x80, 0x80, 0xF0, 0x80, 0x80, 0x80, (byte)'b'] },
        { "surrogates", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80, (byte)' ', 0xED, 0xBF, 0xBF] },
        { "beyond the last character", [0xF4, 0x90, 0x80, 0x80, 0xF8, 0x88, 0x80, 0x80, 0x80, 0xFF, 0xFE] },
        { "cut short", [(byte)'x', 0xE6, 0x97, (byte)' ', 0xF0, 0x9F, 0x9A] },
        { "continuation bytes", [0x80, 0xBF, (byte)'a', 0x80] },
        { "the last characters", Encoding.UTF8.GetBytes("\uFEFF\uFFFD\uFFFF\U0010FFFF\uE000") },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_comes_back(string name, byte[] message)
    {
        foreach (BytePairTokenizer tokenizer in (BytePairTokenizer[])[Bytes, Gaps, Characters])
        {
            List<int> tokens = TinyVocabulary.Encode(tokenizer, message);
            Assert.True(message.AsSpan().SequenceEqual(TinyVocabulary.Join(tokenizer, tokens)), name);
            Assert.All(tokens, token => Assert.InRange(token, -256, tokenizer.Count - 1));
        }
    }

    [Fact]
    public void Random_mixtures_come_back()
    {
        RandomSource random = RandomSource.FromSeed(77);
        byte[][] parts = [.. Messages.Select(row => (byte[])row[1]).Where(part => part.Length is > 0 and < 500)];
        for (int i = 0; i < 300; i++)
        {
            List<byte> message = [];
            while (message.Count < 400)
            {
                byte[] part = parts[Draw(random, parts.Length)];
                int start = Draw(random, part.Length);
                message.AddRange(part.AsSpan(start, Draw(random, part.Length - start) + 1));
                message.Add((byte)Draw(random, 256));
            }

            foreach (BytePairTokenizer tokenizer in (BytePairTokenizer[])[Bytes, Gaps, Characters])
            {
                Assert.Equal(message, TinyVocabulary.Join(tokenizer, TinyVocabulary.Encode(tokenizer, [.. message])));
            }
        }
    }

    [Fact]
    [Spec("11.10-11")]
    public void Escapes_stand_only_for_bytes_without_a_token()
    {
        List<int> tokens = TinyVocabulary.Encode(Gaps, [(byte)'z', 0xC0, (byte)'y', .. "日"u8]);
        Assert.Equal(6, tokens.Count);
        Assert.Equal([~'z', ~0xC0], tokens[..2]);
        Assert.Equal("y"u8, Gaps.Bytes(tokens[2]));
        Assert.Equal(~0xE6, tokens[3]);
        Assert.Equal([0x97], Gaps.Bytes(tokens[4]).ToArray());
        Assert.All(TinyVocabulary.Encode(Bytes, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]),
            token => Assert.InRange(token, 2, Bytes.Count));
    }

    [Fact]
    [Spec("11.10-3")]
    public void A_character_that_needs_an_escape_leaves_its_neighbours_merged() =>
        Assert.Equal(["hello", "z", "hello"], TinyVocabulary.Pieces(Gaps, "hellozhello"));

    [Fact]
    [Spec("11.10-10")]
    public void Words_merge_and_digits_stand_alone()
    {
        Assert.Equal(["hello", " the", " world", " ", "1", "2", "3"],
            TinyVocabulary.Pieces(Bytes, "hello the world 123"));
        Assert.Equal(["  ", "1"], TinyVocabulary.Pieces(Bytes, "  1"));
        Assert.Equal(["  ", " the"], TinyVocabulary.Pieces(Bytes, "   the"));
    }

    [Fact]
    [Spec("11.10-3")]
    public void User_tokens_are_taken_whole_and_control_tokens_never()
    {
        Assert.Equal([1, 1], TinyVocabulary.Encode(Bytes, [.. "<tag><tag>"u8]));
        Assert.Equal("<|endoftext|>".Length, TinyVocabulary.Encode(Bytes, [.. "<|endoftext|>"u8]).Count);
        Assert.True(Bytes.Bytes(Bytes.BeginToken).IsEmpty);
    }

    [Fact]
    [Spec("11.10-10")]
    public void Scores_decide_what_merges_first()
    {
        Assert.Equal(["the", " the", "he", "ll", "o"], TinyVocabulary.Pieces(Characters, "the thehello"));
        Assert.Equal(["    ", "  ", " "], TinyVocabulary.Pieces(Characters, "       "));
    }

    [Fact]
    [Spec("11.10-3")]
    [Spec("11.10-11")]
    public void What_has_no_piece_falls_back_to_tokens_of_bytes()
    {
        List<int> tokens = TinyVocabulary.Encode(Characters, [.. "A\nñ日本"u8]);
        Assert.Equal([3 + '\n', 3 + 0xC3, 3 + 0xB1], tokens[1..4]);
        Assert.Equal("A", Encoding.UTF8.GetString(Characters.Bytes(tokens[0])));
        Assert.NotEqual(3 + 'A', tokens[0]);
        Assert.Equal("日本", Encoding.UTF8.GetString(Characters.Bytes(Assert.Single(tokens[4..]))));
    }

    [Fact]
    [Spec("11.10-9")]
    public void Long_words_are_cut_between_characters()
    {
        Assert.Equal(["aa", "a"], TinyVocabulary.Pieces(Bytes, " " + new string('a', 256))[^2..]);
        Assert.Equal(["aa", "aaa"], TinyVocabulary.Pieces(Bytes, " " + new string('a', 254))[^2..]);
        Assert.Equal("🚀", TinyVocabulary.Pieces(Bytes, new string('!', 255) + "🚀")[^1]);
    }

    [Fact]
    [Spec("11.10-3")]
    public void Long_texts_are_cut_after_64_KiB()
    {
        Assert.Equal("hello", TinyVocabulary.Pieces(Bytes, new string('!', 65_531) + "hello")[^1]);
        Assert.Equal(["h", "e", "l", "l", "o"], TinyVocabulary.Pieces(Bytes, new string('!', 65_535) + "hello")[^5..]);
    }

    [Fact]
    public void Lines_end_with_tokens_that_begin_with_their_end()
    {
        Assert.True(Bytes.EndsLine(TinyVocabulary.Encode(Bytes, [.. "\n\n"u8])[0]));
        Assert.True(Bytes.EndsLine(TinyVocabulary.Encode(Bytes, [.. "\r\n"u8])[0]));
        Assert.True(Bytes.EndsLine(~'\n'));
        Assert.False(Bytes.EndsLine(TinyVocabulary.Encode(Bytes, [.. "hello"u8])[0]));
        Assert.False(Bytes.EndsLine(Bytes.BeginToken));
    }

    [Fact]
    public async Task Many_threads_get_what_one_gets()
    {
        byte[] message = [.. Messages.Select(row => (byte[])row[1]).Where(part => part.Length < 2000)
            .SelectMany(part => part)];
        List<int> alone = TinyVocabulary.Encode(Bytes, message);
        BytePairTokenizer fresh = new(TinyVocabulary.ByteLevel().ToTable());
        foreach (List<int> tokens in await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => TinyVocabulary.Encode(fresh, message)))))
        {
            Assert.Equal(alone, tokens);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("日")]
    [InlineData("🚀")]
    [InlineData("!")]
    [InlineData("\n")]
    public void A_long_message_without_a_border_comes_back(string unit)
    {
        byte[] message = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat(unit, 300_000 / Encoding.UTF8.GetByteCount(unit))));
        foreach (BytePairTokenizer tokenizer in (BytePairTokenizer[])[Bytes, Gaps, Characters])
        {
            Assert.True(message.AsSpan()
                .SequenceEqual(TinyVocabulary.Join(tokenizer, TinyVocabulary.Encode(tokenizer, message))));
        }
    }

    private static int Draw(RandomSource random, int count)
    {
        byte[] bytes = new byte[4];
        random.Fill(bytes);
        return (int)(BitConverter.ToUInt32(bytes) % (uint)count);
    }
}
