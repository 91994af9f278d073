using System.Globalization;
using LinkCodec.Models.Language.Tokens;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>The classes that this runtime's Unicode tables give. For importers: what they find ships in the tokenizer's file.</summary>
internal static class RuntimeClasses
{
    /// <summary>Made once.</summary>
    internal static WordClasses Table { get; } = new([.. Enumerable.Range(0, WordClasses.Units).Select(unit => (byte)Of((char)unit))]);

    private static WordClass Of(char unit) => CharUnicodeInfo.GetUnicodeCategory(unit) switch
    {
        _ when char.IsWhiteSpace(unit) => WordClass.Space,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => WordClass.Number,
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => WordClass.Upper,
        UnicodeCategory.LowercaseLetter => WordClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => WordClass.Letter,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => WordClass.Mark,
        _ => WordClass.Other,
    };
}
