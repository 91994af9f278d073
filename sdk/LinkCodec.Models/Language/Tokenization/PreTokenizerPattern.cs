namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// The patterns that say where a text is cut before merging. A closed list: an expression out of a file could take
/// forever to match.
/// </summary>
internal enum PreTokenizerPattern : byte
{
    /// <summary>The text is cut nowhere.</summary>
    None = 0,

    /// <summary>GPT-2: contractions, letters, digits, others, each with a space before it.</summary>
    Gpt2 = 1,

    /// <summary>StarCoder, SmolLM: every digit alone, then as <see cref="Gpt2"/>.</summary>
    Gpt2Digits = 2,

    /// <summary>
    /// Llama 3: digits by up to three, any one mark before letters, line ends with the marks before them.
    /// </summary>
    Llama3 = 3,

    /// <summary>Qwen 2: as <see cref="Llama3"/>, but every digit alone.</summary>
    Qwen2 = 4,

    /// <summary>
    /// Mistral's Tekken: words are also cut where a capital follows a small letter; every digit alone.
    /// </summary>
    Tekken = 5,

    /// <summary>SentencePiece: before every run of spaces.</summary>
    Spaces = 6,
}
