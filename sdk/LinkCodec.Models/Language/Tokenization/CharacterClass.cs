namespace LinkCodec.Models.Language.Tokenization;

/// <summary>The classes of UTF-16 units that word patterns ask for.</summary>
internal enum CharacterClass : byte
{
    /// <summary>Punctuation, symbols, controls, halves of characters beyond U+FFFF, what is not assigned.</summary>
    Other = 0,

    /// <summary>White space, line ends included.</summary>
    Space = 1,

    /// <summary>Digits and other numbers.</summary>
    Number = 2,

    /// <summary>Upper-case and title-case letters.</summary>
    Upper = 3,

    /// <summary>Lower-case letters.</summary>
    Lower = 4,

    /// <summary>Letters without case, and modifier letters.</summary>
    Letter = 5,

    /// <summary>
    /// Combining marks. Only <see cref="PreTokenizerPattern.Tekken"/> tells them from <see cref="Other"/>.
    /// </summary>
    Mark = 6,
}
