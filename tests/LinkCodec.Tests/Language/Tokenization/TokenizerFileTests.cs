using System.Buffers.Binary;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;
using Xunit;

namespace LinkCodec.Tests.Language.Tokenization;

public sealed class TokenizerFileTests
{
    private static readonly byte[] Good = TokenizerFile.Write(TinyVocabulary.ByteLevel().ToTable());
    private static readonly byte[] Runs = UnicodeCharacterClasses.Table.Write();
    private static readonly int Merged = Good.Length - Runs.Length;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("11.10-1")]
    public void A_table_comes_back_and_is_written_with_the_same_bytes(bool byteLevel)
    {
        TokenTable table = (byteLevel ? TinyVocabulary.ByteLevel() : TinyVocabulary.SentencePiece()).ToTable();
        byte[] file = TokenizerFile.Write(table);
        TokenTable read = TokenizerFile.Read(file, "tokenizer.bin");
        Assert.Equal(file, TokenizerFile.Write(read));
        Assert.Equal((table.Family, table.Pattern, table.BeginToken), (read.Family, read.Pattern, read.BeginToken));
        Assert.Equal(table.Kinds, read.Kinds);
        Assert.Equal(table.Starts, read.Starts);
        Assert.Equal(table.Bytes, read.Bytes);
        Assert.Equal(table.Merges, read.Merges);
        Assert.Equal(table.Classes.Write(), read.Classes.Write());
        byte[] message = [.. "hello the world\n\n  日本 <tag>"u8];
        Assert.Equal(TinyVocabulary.Encode(new BytePairTokenizer(table), message),
            TinyVocabulary.Encode(new BytePairTokenizer(read), message));
    }

    [Fact]
    public void The_header_is_as_written_down()
    {
        Assert.Equal("LCTK\u0002\0\0\0"u8, Good.AsSpan(0, 8));
        Assert.Equal([0, (byte)PreTokenizerPattern.Gpt2Digits], Good[8..10]);
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(10)));
        Assert.Equal(TinyVocabulary.ByteLevel().Tokens.Count, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(14)));
        Assert.Equal(TinyVocabulary.ByteLevel().Merges.Count, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(18)));
        Assert.Equal(Runs.Length, 3 * BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(22)));
        Assert.Equal(Runs, Good[Merged..]);
    }

    [Fact]
    public void Every_shortened_file_is_refused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            Refuses(Good[..length]);
        }

        Refuses([.. Good, 0]);
    }

    [Theory]
    [InlineData(0, 1u)] // Magic.
    [InlineData(4, 1u)] // Version.
    [InlineData(8, 0x0000_0002u)] // Family.
    [InlineData(8, 0x0000_0700u)] // Pattern.
    [InlineData(10, 100_000u)] // Token before a message.
    [InlineData(10, uint.MaxValue)]
    [InlineData(14, 0u)] // Tokens.
    [InlineData(14, uint.MaxValue)]
    [InlineData(14, 0x7FFF_FFFFu)]
    [InlineData(18, uint.MaxValue)] // Merges.
    [InlineData(18, 0x0010_0000u)]
    [InlineData(22, 0u)] // Runs of classes.
    [InlineData(22, 0x0001_0001u)]
    [InlineData(22, uint.MaxValue)]
    public void A_header_that_lies_is_refused(int at, uint value)
    {
        byte[] file = [.. Good];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        Refuses(file);
    }

    [Fact]
    public void Kinds_and_merges_that_do_not_fit_are_refused()
    {
        Refuses(With(26, 0)); // A control token has no bytes; a normal one must.
        Refuses(With(26, 4));
        Refuses(With(28, 3)); // A normal token has bytes; a control one must not.
        Refuses(With(Merged - 1, 0xFF)); // No such token.
        Refuses(With(Merged - 3, (byte)(Good[Merged - 3] + 1))); // Leads nowhere.
        Refuses([.. Good[..(Merged - 6)], .. Good[(Merged - 12)..(Merged - 6)], .. Runs]); // Twice.
    }

    [Fact]
    [Spec("11.10-2")]
    public void Classes_that_are_no_table_are_refused()
    {
        Refuses(With(Good.Length - 1, 7)); // No such class.
        Refuses(With(Good.Length - 1, Runs[^4])); // Two runs that are one.
        Refuses(With(Good.Length - 2, 0xFE)); // The last unit has none.
        Refuses(With(Merged + 3, Runs[0])); // A run that ends where the one before it does.
        int space = Enumerable.Range(0, Runs.Length / 3).First(run => Runs[3 * run] == ' ' && Runs[(3 * run) + 1] == 0);
        // No word could hold it.
        Assert.Contains("classes", Refuses(With(Merged + (3 * space) + 2, (byte)CharacterClass.Letter)),
            StringComparison.Ordinal);
        int halves = Enumerable.Range(0, Runs.Length / 3)
            .First(run => BinaryPrimitives.ReadUInt16LittleEndian(Runs.AsSpan(3 * run)) >= 0xD800);
        // A word could end within a character.
        Assert.Contains("halves", Refuses(With(Merged + (3 * halves) + 2, (byte)CharacterClass.Mark)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Twins_are_refused()
    {
        TokenTable table = TinyVocabulary.ByteLevel().ToTable();
        byte[] bytes = [.. table.Bytes];
        bytes[table.Starts[3]] = bytes[table.Starts[2]];
        TokenTable twins = new()
        {
            Family = table.Family,
            Pattern = table.Pattern,
            Classes = table.Classes,
            BeginToken = 0,
            Kinds = table.Kinds,
            Starts = table.Starts,
            Bytes = bytes,
            Merges = [],
        };
        Assert.Contains("token 3", Refuses(TokenizerFile.Write(twins)), StringComparison.Ordinal);
    }

    private static byte[] With(int at, byte value)
    {
        byte[] file = [.. Good];
        file[at] = value;
        return file;
    }

    private static string Refuses(byte[] file)
    {
        LinkException refusal = Assert.Throws<LinkException>(() => TokenizerFile.Read(file, "tokenizer.bin"));
        Assert.Equal(LinkErrorCode.SnapshotAltered, refusal.Code);
        Assert.StartsWith("tokenizer.bin: ", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
