namespace LinkCodec.Models.Language.Tokenization;

/// <summary>The ways in which vocabularies write bytes.</summary>
internal enum TokenizerFamily : byte
{
    /// <summary>
    /// Words are UTF-8 bytes, each a printable character of GPT-2's alphabet, and any bytes may merge.
    /// </summary>
    ByteLevel = 0,

    /// <summary>
    /// Words are characters, a space is U+2581, and what no token spells falls back to tokens of single bytes.
    /// </summary>
    SentencePiece = 1,
}
