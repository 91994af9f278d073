using System.Buffers.Binary;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokens;
using Xunit;

namespace LinkCodec.Tests.Language.Tokens;

public sealed class TokenFileTests
{
    private static readonly byte[] Good = TokenFile.Write(TinyVocabulary.ByteLevel().ToTable());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_table_comes_back_and_is_written_with_the_same_bytes(bool byteLevel)
    {
        TokenTable table = (byteLevel ? TinyVocabulary.ByteLevel() : TinyVocabulary.SentencePiece()).ToTable();
        byte[] file = TokenFile.Write(table);
        TokenTable read = TokenFile.Read(file, "tokenizer.bin");
        Assert.Equal(file, TokenFile.Write(read));
        Assert.Equal((table.Family, table.Pattern, table.BeginToken), (read.Family, read.Pattern, read.BeginToken));
        Assert.Equal(table.Kinds, read.Kinds);
        Assert.Equal(table.Starts, read.Starts);
        Assert.Equal(table.Bytes, read.Bytes);
        Assert.Equal(table.Merges, read.Merges);
        byte[] message = [.. "hello the world\n\n  日本 <tag>"u8];
        Assert.Equal(TinyVocabulary.Encode(new TokenCodec(table), message), TinyVocabulary.Encode(new TokenCodec(read), message));
    }

    [Fact]
    public void The_header_is_as_written_down()
    {
        Assert.Equal("LCTK\u0001\0\0\0"u8, Good.AsSpan(0, 8));
        Assert.Equal([0, (byte)WordPattern.Gpt2Digits], Good[8..10]);
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(10)));
        Assert.Equal(TinyVocabulary.ByteLevel().Tokens.Count, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(14)));
        Assert.Equal(TinyVocabulary.ByteLevel().Merges.Count, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(18)));
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
    [InlineData(4, 2u)] // Version.
    [InlineData(8, 0x0000_0002u)] // Family.
    [InlineData(8, 0x0000_0700u)] // Pattern.
    [InlineData(10, 100_000u)] // Token before a message.
    [InlineData(10, uint.MaxValue)]
    [InlineData(14, 0u)] // Tokens.
    [InlineData(14, uint.MaxValue)]
    [InlineData(14, 0x7FFF_FFFFu)]
    [InlineData(18, uint.MaxValue)] // Merges.
    [InlineData(18, 0x0010_0000u)]
    public void A_header_that_lies_is_refused(int at, uint value)
    {
        byte[] file = [.. Good];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        Refuses(file);
    }

    [Fact]
    public void Kinds_and_merges_that_do_not_fit_are_refused()
    {
        Refuses(With(22, 0)); // A control token has no bytes; a normal one must.
        Refuses(With(22, 4));
        Refuses(With(24, 3)); // A normal token has bytes; a control one must not.
        Refuses(With(Good.Length - 1, 0xFF)); // No such token.
        Refuses(With(Good.Length - 3, (byte)(Good[^3] + 1))); // Leads nowhere.
        Refuses([.. Good[..^6], .. Good[^12..^6]]); // Twice.
    }

    [Fact]
    public void Twins_are_refused()
    {
        TokenTable table = TinyVocabulary.ByteLevel().ToTable();
        byte[] bytes = [.. table.Bytes];
        bytes[table.Starts[3]] = bytes[table.Starts[2]];
        TokenTable twins = new() { Family = table.Family, Pattern = table.Pattern, BeginToken = 0, Kinds = table.Kinds, Starts = table.Starts, Bytes = bytes, Merges = [] };
        Assert.Contains("token 3", Refuses(TokenFile.Write(twins)), StringComparison.Ordinal);
    }

    private static byte[] With(int at, byte value)
    {
        byte[] file = [.. Good];
        file[at] = value;
        return file;
    }

    private static string Refuses(byte[] file)
    {
        LinkException refusal = Assert.Throws<LinkException>(() => TokenFile.Read(file, "tokenizer.bin"));
        Assert.Equal(LinkErrorCode.SnapshotAltered, refusal.Code);
        Assert.StartsWith("tokenizer.bin: ", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
