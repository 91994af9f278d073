using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>A vocabulary as a model's files tell it. From strangers: <see cref="ToTable"/> checks it.</summary>
internal sealed record VocabularyData
{
    /// <summary>The file that it comes from, for errors.</summary>
    internal required string Name { get; init; }

    /// <summary>The way in which tokens write bytes.</summary>
    internal required TokenizerFamily Family { get; init; }

    /// <summary>
    /// The pattern that says where words end. Whether a space is added before a text is not asked: it would come out
    /// again.
    /// </summary>
    internal required PreTokenizerPattern Pattern { get; init; }

    /// <summary>The texts of the tokens by id, as the file writes them.</summary>
    internal required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The kinds of the tokens by id, as many as <see cref="Tokens"/>.</summary>
    internal required IReadOnlyList<TokenType> Kinds { get; init; }

    /// <summary>
    /// Pairs of texts, first merged first. Empty for a SentencePiece vocabulary that has <see cref="Scores"/>.
    /// </summary>
    internal required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    /// <summary>
    /// The scores of the tokens by id; empty where there are <see cref="Merges"/>. The merge into the token of the
    /// highest score comes first.
    /// </summary>
    internal IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>The token that stood before a text in training; see <see cref="ChooseBeginToken"/>.</summary>
    internal required int BeginToken { get; init; }

    /// <summary>A vocabulary from the fields <c>tokenizer.ggml.*</c> of a GGUF file.</summary>
    /// <param name="name">The file.</param>
    /// <param name="model">"gpt2" (byte-level) or "llama" (SentencePiece).</param>
    /// <param name="pre">The name of the word pattern; of no matter for "llama". One that is not known is
    /// refused.</param>
    /// <param name="tokens">Texts by id.</param>
    /// <param name="merges">Two texts each, parted by a space; for "gpt2".</param>
    /// <param name="scores">The scores of the tokens by id; for "llama".</param>
    /// <param name="types">The types of the tokens by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6
    /// byte; may be empty: then all are normal.</param>
    /// <param name="beginToken">Field bos_token_id, if there is one.</param>
    /// <exception cref="LinkException">Unknown names, or lists that do not go together.</exception>
    internal static VocabularyData FromGguf(
        string name, string model, string? pre, IReadOnlyList<string> tokens, IReadOnlyList<string> merges,
        IReadOnlyList<float> scores, IReadOnlyList<int> types, int? beginToken)
    {
        TokenizerFamily family = model switch
        {
            "gpt2" => TokenizerFamily.ByteLevel,
            "llama" => TokenizerFamily.SentencePiece,
            _ => throw Refusal(name,
                $"tokenizers of the kind '{Shown(model)}' are not supported, 'gpt2' and 'llama' are"),
        };
        PreTokenizerPattern? pattern = family == TokenizerFamily.SentencePiece
            ? PreTokenizerPattern.Spaces
            : PreTokenizerPatterns.Named(pre ?? "");
        if (types.Count > 0 && types.Count != tokens.Count)
        {
            throw Refusal(name, $"{tokens.Count} tokens have {types.Count} types");
        }

        return new VocabularyData
        {
            Name = name,
            Family = family,
            Pattern = pattern ?? throw Refusal(name, $"the pre-tokenizer '{Shown(pre ?? "")}' is not supported"),
            Tokens = tokens,
            Kinds = types.Count == 0 ? [.. tokens.Select(_ => TokenType.Normal)] : [.. types.Select(Kind)],
            Merges = family == TokenizerFamily.SentencePiece
                ? []
                : [.. merges.Select((merge, i) => Pair(name, merge, i))],
            Scores = scores,
            BeginToken = ChooseBeginToken(tokens, beginToken),
        };
    }

    /// <summary>
    /// The token before a message: &lt;|endoftext|&gt; where there is one, since it parts the documents of training,
    /// whatever chats begin with; else what the file says.
    /// </summary>
    internal static int ChooseBeginToken(IReadOnlyList<string> tokens, int? told)
    {
        string[] names = ["<|endoftext|>", "<|begin_of_text|>", "<s>", "<bos>"];
        int[] found = [.. names.Select(_ => -1)];
        for (int id = 0; id < tokens.Count; id++)
        {
            int which = Array.IndexOf(names, tokens[id]);
            if (which >= 0)
            {
                found[which] = id;
            }
        }

        return found[0] >= 0 ? found[0] : told ?? found.FirstOrDefault(id => id >= 0);
    }

    /// <summary>
    /// The first tokens alone, for a network whose vocabulary is cut; the token before a message becomes the last of
    /// them where it lay beyond.
    /// </summary>
    /// <param name="count">The number of tokens to keep, 1 or more; all where there are no more.</param>
    /// <returns>The vocabulary that is left, without the merges that need more; and for each new id the old
    /// one.</returns>
    internal (VocabularyData Data, int[] Kept) Cut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int[] kept = [.. Enumerable.Range(0, Math.Min(count, Tokens.Count))];
        int begin = BeginToken;
        if (begin >= kept.Length && begin < Tokens.Count)
        {
            (kept[^1], begin) = (begin, kept.Length - 1);
        }

        HashSet<string> texts = new(kept.Select(id => Tokens[id]), StringComparer.Ordinal);
        VocabularyData rest = this with
        {
            Tokens = [.. kept.Select(id => Tokens[id])],
            Kinds = [.. kept.Select(id => Kinds[id])],
            Scores = Scores.Count == 0 ? [] : [.. kept.Select(id => Scores[id])],
            Merges = [.. Merges.Where(merge => texts.Contains(merge.Left) && texts.Contains(merge.Right)
                && texts.Contains(merge.Left + merge.Right))],
            BeginToken = begin,
        };
        return (rest, kept);
    }

    /// <summary>Checks everything and gives the form that is shipped.</summary>
    /// <exception cref="LinkException">The lists are too long, do not go together, or merges name no token.</exception>
    internal TokenTable ToTable() => new TokenTableBuilder(this).Build();

    /// <summary>A merge of a list, cut at its space; the first text may begin with one.</summary>
    internal static (string Left, string Right) Pair(string name, string merge, int number)
    {
        int space = merge.IndexOf(' ', Math.Min(1, merge.Length));
        return space > 0 && space < merge.Length - 1
            ? (merge[..space], merge[(space + 1)..])
            : throw Refusal(name, $"merge {number} is no pair");
    }

    /// <summary>A file that cannot be used, and why: one line.</summary>
    internal static LinkException Refusal(string name, string why, LinkErrorCode code = LinkErrorCode.Malformed) =>
        new(code, $"{name}: {why}.");

    /// <summary>A stranger's text, made fit for a line.</summary>
    internal static string Shown(string text) =>
        string.Concat(text.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static TokenType Kind(int type) => type switch
    {
        1 => TokenType.Normal,
        4 => TokenType.UserDefined,
        6 => TokenType.Byte,
        _ => TokenType.Control,
    };
}
