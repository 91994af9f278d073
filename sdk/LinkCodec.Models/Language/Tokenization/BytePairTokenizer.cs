using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace LinkCodec.Models.Language.Tokenization;

/// <summary>Bytes to tokens and back, without loss for any bytes. Immutable; safe from many threads.</summary>
/// <remarks>
/// The decoder joins the bytes of the tokens that it is told, but both ends of a link cut the messages that a context
/// absorbs, and must cut them alike. So encoding asks the table, which ships as data, and nothing that changes with a
/// runtime: no expressions, no Unicode classes of its own, no culture. A token below zero is an escape: <c>~b</c> (that
/// is, -1-b) is the single byte b, which no token of the vocabulary spells. What is not well-formed UTF-8, and
/// characters that merging could not put together again, are spelled byte by byte; the rest is cut into words, each of
/// which is merged by the tokenizer and compared with its bytes before it counts. SentencePiece's space before a text
/// is left out, since it would come out again. Time is linear: words are cut at 256 characters, texts at 64 KiB.
/// </remarks>
internal sealed class BytePairTokenizer : ITokenizer
{
    private const int LongestText = 1 << 16;
    private const int LongestWord = 256;
    private const int MaxRememberedWords = 1 << 16;

    private static readonly byte[] Single = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    private readonly TokenTable _table;
    private readonly int[] _spelling = new int[256];
    private readonly HashSet<Rune> _runes = [];
    private readonly HashSet<Rune> _userRunes = [];
    private readonly Lazy<BpeTokenizer> _tokenizer;
    private readonly AddedTokens _whole;
    private readonly PreTokenizer _words;

    /// <summary>A tokenizer over a table, which it keeps.</summary>
    /// <param name="table">A table without fault.</param>
    internal BytePairTokenizer(TokenTable table)
    {
        _table = table;
        for (int b = 0; b < 256; b++)
        {
            _spelling[b] = ~b;
        }

        // spec 11.10-11
        // Where a byte has a token of the fallback and a normal one, the model saw the former where bytes were spelled.
        for (int id = table.Count - 1; id >= 0; id--)
        {
            ReadOnlySpan<byte> bytes = table.Of(id);
            if (bytes.Length == 1 && (table.Kinds[id] == TokenType.Byte
                || (table.Kinds[id] == TokenType.Normal && _spelling[bytes[0]] < 0)))
            {
                _spelling[bytes[0]] = id;
            }

            if (table.Kinds[id] == TokenType.Normal
                && Rune.DecodeFromUtf8(bytes, out Rune rune, out int size) == OperationStatus.Done
                && size == bytes.Length)
            {
                _runes.Add(rune);
            }
        }

        _whole = new AddedTokens(table);
        _userRunes.UnionWith(_whole.Runes);
        _words = new PreTokenizer(table.Pattern, table.Classes);

        // The decoder never needs it, and it takes longer to make than the rest of the tokenizer.
        _tokenizer = new Lazy<BpeTokenizer>(MakeTokenizer);
    }

    /// <summary>Tokens: ids are 0 to this, exclusive.</summary>
    public int Count => _table.Count;

    /// <summary>The token that stands before a message.</summary>
    public int BeginToken => _table.BeginToken;

    /// <summary>
    /// The bytes that a token or an escape stands for; none for control tokens, which the encoder never gives.
    /// </summary>
    public ReadOnlySpan<byte> Bytes(int token) => token < 0 ? Single.AsSpan(~token, 1) : _table.Of(token);

    /// <summary>Whether a token's bytes begin with a line feed or a carriage return.</summary>
    internal bool EndsLine(int token) => Bytes(token) is [(byte)'\n' or (byte)'\r', ..];

    /// <summary>Appends the tokens and escapes whose bytes, joined, are exactly the message.</summary>
    public void Encode(ReadOnlySpan<byte> message, List<int> tokens)
    {
        Dictionary<string, int[]> known = new(StringComparer.Ordinal);
        int start = 0;
        for (int at = 0, size; at < message.Length; at += size)
        {
            // spec 11.10-3
            bool isText = Rune.DecodeFromUtf8(message[at..], out Rune rune, out size) == OperationStatus.Done
                && CanMerge(message.Slice(at, size), rune);
            if (isText && at + size - start <= LongestText)
            {
                continue;
            }

            EncodeText(message[start..at], known, tokens);
            start = at;
            if (!isText)
            {
                Spell(message.Slice(at, size), tokens);
                start += size;
            }
        }

        EncodeText(message[start..], known, tokens);
    }

    // A character that the tokenizer does not know would be dropped by it, and the whole word be spelled: better the
    // one character.
    private bool CanMerge(ReadOnlySpan<byte> bytes, Rune rune)
    {
        if (_table.Family == TokenizerFamily.SentencePiece)
        {
            return _runes.Contains(rune) || _userRunes.Contains(rune);
        }

        foreach (byte value in bytes)
        {
            if (_spelling[value] < 0)
            {
                return _userRunes.Contains(rune);
            }
        }

        return true;
    }

    private void Spell(ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        foreach (byte value in bytes)
        {
            tokens.Add(_spelling[value]);
        }
    }

    private void EncodeText(ReadOnlySpan<byte> bytes, Dictionary<string, int[]> known, List<int> tokens)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        char[] rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        ReadOnlySpan<char> text = rented.AsSpan(0, Encoding.UTF8.GetChars(bytes, rented));
        while (!text.IsEmpty)
        {
            (int at, int length, int id) = _whole.First(text);
            EncodeWords(text[..at], known, tokens);
            if (length > 0)
            {
                tokens.Add(id);
            }

            text = text[(at + length)..];
        }

        ArrayPool<char>.Shared.Return(rented);
    }

    // Words look ahead, but not beyond a token that is taken whole.
    private void EncodeWords(ReadOnlySpan<char> text, Dictionary<string, int[]> known, List<int> tokens)
    {
        while (!text.IsEmpty)
        {
            int length = _words.First(text);
            EncodePieces(text[..length], known, tokens);
            text = text[length..];
        }
    }

    private void EncodePieces(ReadOnlySpan<char> text, Dictionary<string, int[]> known, List<int> tokens)
    {
        while (!text.IsEmpty)
        {
            int length = Math.Min(text.Length, LongestWord); // spec 11.10-9
            length -= length < text.Length && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
            ReadOnlySpan<char> word = text[..length];
            if (!known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int[]? ids))
            {
                ids = EncodeWord(word);
                if (known.Count < MaxRememberedWords)
                {
                    known.Add(word.ToString(), ids);
                }
            }

            tokens.AddRange(ids);
            text = text[length..];
        }
    }

    private int[] EncodeWord(ReadOnlySpan<char> word)
    {
        Span<byte> buffer = stackalloc byte[3 * LongestWord];
        ReadOnlySpan<byte> bytes = buffer[..Encoding.UTF8.GetBytes(word, buffer)];
        string text = _table.Family == TokenizerFamily.SentencePiece
            ? word.ToString().Replace(' ', TokenTable.SpaceMark)
            : word.ToString();
        int[] ids =
            [.. _tokenizer.Value.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false)];
        if (Restores(ids, bytes))
        {
            return ids;
        }

        List<int> spelled = new(bytes.Length);
        Spell(bytes, spelled);
        return [.. spelled];
    }

    private bool Restores(int[] ids, ReadOnlySpan<byte> bytes)
    {
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> part = Bytes(id);
            if (!bytes.StartsWith(part))
            {
                return false;
            }

            bytes = bytes[part.Length..];
        }

        return bytes.IsEmpty;
    }

    private BpeTokenizer MakeTokenizer()
    {
        string[] texts = new string[_table.Count];
        foreach ((string text, int id) in _table.Texts)
        {
            texts[id] = text;
        }

        // spec 11.10-10
        // Both families merge pairs of texts, the first of a list first; SentencePiece's scores were made such a list
        // by VocabularyData. (The package's own SentencePieceTokenizer takes nothing but a model file in protobuf,
        // which neither GGUF nor tokenizer.json has.) It is given words, so its own way of cutting is never asked.
        return BpeTokenizer.Create(new BpeOptions(_table.Texts)
        {
            Merges = _table.Merges.Select(merge => texts[merge.Left] + " " + texts[merge.Right]),
            ByteLevel = _table.Family == TokenizerFamily.ByteLevel,
        });
    }
}
