using System.Globalization;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>
/// The classes that this runtime's Unicode tables give. For importers: what they find ships in the tokenizer's file.
/// </summary>
internal static class UnicodeCharacterClasses
{
    /// <summary>Made once.</summary>
    internal static CharacterClassTable Table { get; } = new(
        [.. Enumerable.Range(0, CharacterClassTable.Units).Select(unit => (byte)Of((char)unit))]);

    private static CharacterClass Of(char unit) => CharUnicodeInfo.GetUnicodeCategory(unit) switch
    {
        _ when char.IsWhiteSpace(unit) => CharacterClass.Space,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
            CharacterClass.Number,
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            CharacterClass.Mark,
        _ => CharacterClass.Other,
    };
}
