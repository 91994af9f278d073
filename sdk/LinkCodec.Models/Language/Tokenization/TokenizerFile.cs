using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Language.Tokenization;

/// <summary>A token table as a file ("tokenizer.bin").</summary>
/// <remarks>
/// The file is all little-endian: "LCTK" and the version 2 (8 bytes); the family (1), the pattern (1), the token before
/// a message (4), the number of tokens n (4), of merges m (4) and of runs of classes c (4); n bytes, the kinds; n
/// lengths of 2 bytes; the bytes of all tokens, joined; m merges, first merged first, of 3 bytes for each of the two
/// ids; c runs of <see cref="CharacterClassTable"/>, of 3 bytes. Nothing follows. A table has one such file.
/// </remarks>
internal static class TokenizerFile
{
    private const ulong Magic = 0x0000_0002_4B54_434C;
    private const int HeaderLength = 26;
    private const int MergeLength = 6;

    /// <summary>The file of a table without fault.</summary>
    internal static byte[] Write(TokenTable table)
    {
        byte[] runs = table.Classes.Write();
        byte[] file = new byte[HeaderLength + (3 * table.Count) + table.Bytes.Length
            + (MergeLength * table.Merges.Length) + runs.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
        file[8] = (byte)table.Family;
        file[9] = (byte)table.Pattern;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), table.BeginToken);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), table.Count);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), table.Merges.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), runs.Length / CharacterClassTable.RunLength);
        int at = HeaderLength + table.Count;
        for (int id = 0; id < table.Count; id++, at += 2)
        {
            file[HeaderLength + id] = (byte)table.Kinds[id];
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)table.Of(id).Length);
        }

        table.Bytes.CopyTo(file, at);
        at += table.Bytes.Length;
        foreach ((int left, int right) in table.Merges)
        {
            WriteId(file.AsSpan(at), left);
            WriteId(file.AsSpan(at + 3), right);
            at += MergeLength;
        }

        runs.CopyTo(file, at);
        return file;
    }

    /// <summary>Reads and checks a file; copies what it needs of it. Takes memory in proportion to the file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">The file's name in errors.</param>
    /// <exception cref="LinkException">The bytes are no such file.</exception>
    internal static TokenTable Read(ReadOnlySpan<byte> file, string name)
    {
        // spec 11.10-1
        Require(file.Length >= HeaderLength && BinaryPrimitives.ReadUInt64LittleEndian(file) == Magic, name,
            "it does not begin as a file of tokens, version 2, does");
        int count = BinaryPrimitives.ReadInt32LittleEndian(file[14..]);
        int merges = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        int runs = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        string claim = $"{count} tokens, {merges} merges and {runs} runs of classes";
        Require(count is > 0 and <= TokenTable.MaxTokens && merges is >= 0 and <= TokenTable.MaxMerges
            && runs is > 0 and <= CharacterClassTable.Units, name, $"it claims {claim}");
        long total = file.Length - HeaderLength - (3L * count) - ((long)MergeLength * merges)
            - (CharacterClassTable.RunLength * runs);
        Require(total is >= 0 and <= TokenTable.MaxBytes, name, $"{file.Length} bytes do not hold {claim}");
        Require(file[8] <= (byte)TokenizerFamily.SentencePiece && file[9] <= (byte)PreTokenizerPattern.Spaces, name,
            $"its family {file[8]} or pattern {file[9]} is unknown");

        TokenType[] kinds = new TokenType[count];
        int[] starts = new int[count + 1];
        int at = HeaderLength + count;
        for (int id = 0; id < count; id++, at += 2)
        {
            kinds[id] = (TokenType)file[HeaderLength + id];
            starts[id + 1] = starts[id] + BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);
            if (starts[id + 1] > total)
            {
                break; // Before the sum can overflow.
            }
        }

        Require(at == HeaderLength + (3 * count) && starts[count] == total, name,
            $"its tokens do not have {total} bytes");
        byte[] bytes = file.Slice(at, (int)total).ToArray();
        at += bytes.Length;
        (int, int)[] pairs = new (int, int)[merges];
        for (int i = 0; i < merges; i++, at += MergeLength)
        {
            pairs[i] = (ReadId(file[at..]), ReadId(file[(at + 3)..]));
        }

        CharacterClassTable? classes = CharacterClassTable.Read(file[at..]);
        Require(classes is not null, name, "its classes are not runs that cover all UTF-16 units, with space and line "
            + "ends as white space and halves of characters as other");
        TokenTable table = new()
        {
            Family = (TokenizerFamily)file[8],
            Pattern = (PreTokenizerPattern)file[9],
            Classes = classes,
            BeginToken = BinaryPrimitives.ReadInt32LittleEndian(file[10..]),
            Kinds = kinds,
            Starts = starts,
            Bytes = bytes,
            Merges = pairs,
        };
        string fault = table.Fault();
        Require(fault.Length == 0, name, fault);
        return table;
    }

    private static void WriteId(Span<byte> to, int id)
    {
        to[0] = (byte)id;
        to[1] = (byte)(id >> 8);
        to[2] = (byte)(id >> 16);
    }

    private static int ReadId(ReadOnlySpan<byte> from) => from[0] | (from[1] << 8) | (from[2] << 16);

    private static void Require([DoesNotReturnIf(false)] bool holds, string name, string otherwise)
    {
        if (!holds)
        {
            throw new LinkException(LinkErrorCode.SnapshotAltered, $"{name}: {otherwise}.");
        }
    }
}
