namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// Cuts a text into words as the expression of a pattern does, by the classes of a tokenizer's file alone. Immutable.
/// Time is linear.
/// </summary>
/// <remarks>
/// Both ends of a link cut the messages that a context absorbs, so nothing here may depend on the runtime: no
/// expressions, no classes of its own, no culture. Each method tries what the expression tries, in its order. Halves of
/// characters beyond U+FFFF count as marks: the words are then others than the trainer's, which costs a few bits in
/// rare scripts and no byte.
/// </remarks>
internal sealed class PreTokenizer(PreTokenizerPattern pattern, CharacterClassTable classes)
{
    private const int Spaces = 1 << (int)CharacterClass.Space;
    private const int Numbers = 1 << (int)CharacterClass.Number;
    private const int Letters = (1 << (int)CharacterClass.Upper) | (1 << (int)CharacterClass.Lower)
        | (1 << (int)CharacterClass.Letter);
    private const int Others = (1 << (int)CharacterClass.Other) | (1 << (int)CharacterClass.Mark);

    // The classes of what may stand before the last capital of a word of Tekken's, and after its first small letter.
    private const int Capitals = (1 << (int)CharacterClass.Upper) | (1 << (int)CharacterClass.Letter)
        | (1 << (int)CharacterClass.Mark);
    private const int Smalls = (1 << (int)CharacterClass.Lower) | (1 << (int)CharacterClass.Letter)
        | (1 << (int)CharacterClass.Mark);

    /// <summary>The length of a text's first word, in UTF-16 units: 1 or more.</summary>
    /// <param name="text">The text, which is not empty. Words look ahead: give all of it.</param>
    internal int First(ReadOnlySpan<char> text) => pattern switch
    {
        PreTokenizerPattern.Gpt2 or PreTokenizerPattern.Gpt2Digits => Gpt2(text),
        PreTokenizerPattern.Llama3 or PreTokenizerPattern.Qwen2 => Llama3(text),
        PreTokenizerPattern.Tekken => Tekken(text),
        PreTokenizerPattern.Spaces => BeforeSpaces(text),
        _ => text.Length,
    };

    // spec 11.10-5
    private int Gpt2(ReadOnlySpan<char> text)
    {
        int contraction = Contraction(text, anyCase: false);
        if (contraction > 0)
        {
            return contraction;
        }

        int start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        return classes.SetOf(text[start]) switch
        {
            Spaces => White(text),
            Numbers when pattern == PreTokenizerPattern.Gpt2Digits => start == 0 ? 1 : White(text),
            Numbers => Run(text, start, Numbers),
            int set => Run(text, start, (set & Letters) != 0 ? Letters : Others),
        };
    }

    // spec 11.10-6
    private int Llama3(ReadOnlySpan<char> text)
    {
        int contraction = Contraction(text, anyCase: true);
        if (contraction > 0)
        {
            return contraction;
        }

        int start = MayLead(text) ? 1 : 0;
        return (classes.SetOf(text[start]) & Letters) != 0
            ? Run(text, start, Letters)
            : NumberMarksOrSpace(text, maxDigits: pattern == PreTokenizerPattern.Llama3 ? 3 : 1, slash: false);
    }

    // spec 11.10-7
    private int Tekken(ReadOnlySpan<char> text)
    {
        int lead = MayLead(text) ? 1 : 0;
        int end = SmallWord(text, lead);
        end = end == 0 && lead == 1 ? SmallWord(text, 0) : end;
        if (end > 0)
        {
            return end;
        }

        end = Run(text, lead, Capitals);
        return end > lead ? end : NumberMarksOrSpace(text, maxDigits: 1, slash: true);
    }

    /// <summary>
    /// Capitals, then one small letter or more; letters without case and marks are both. The end, or 0 where there is
    /// no such word.
    /// </summary>
    private int SmallWord(ReadOnlySpan<char> text, int start)
    {
        int end = Run(text, start, Capitals);
        if (end < text.Length && (classes.SetOf(text[end]) & Smalls) != 0)
        {
            return Run(text, end, Smalls);
        }

        // No small letter follows: the last that may count as one ends the word.
        while (end > start && (classes.SetOf(text[end - 1]) & Smalls) == 0)
        {
            end--;
        }

        return end > start ? end : 0;
    }

    private int NumberMarksOrSpace(ReadOnlySpan<char> text, int maxDigits, bool slash)
    {
        if (classes.SetOf(text[0]) == Numbers)
        {
            return Run(text[..Math.Min(maxDigits, text.Length)], 0, Numbers);
        }

        int start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        if ((classes.SetOf(text[start]) & Others) != 0)
        {
            int end = Run(text, start, Others);
            while (end < text.Length && (text[end] is '\r' or '\n' || (slash && text[end] == '/')))
            {
                end++;
            }

            return end;
        }

        int lines = text[..Run(text, 0, Spaces)].LastIndexOfAny('\r', '\n') + 1;
        return lines > 0 ? lines : White(text);
    }

    /// <summary>A run of white space, without its last unit where another word can have that one before it.</summary>
    private int White(ReadOnlySpan<char> text)
    {
        int end = Run(text, 0, Spaces);

        // GPT-2 makes words of single digits before all else: white space before one is at the end of its text.
        bool atEnd = end == text.Length
            || (pattern == PreTokenizerPattern.Gpt2Digits && classes.SetOf(text[end]) == Numbers);
        return atEnd || end == 1 ? end : end - 1;
    }

    // spec 11.10-8
    private static int BeforeSpaces(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyExcept(' ');
        int next = start < 0 ? -1 : text[start..].IndexOf(' ');
        return next < 0 ? text.Length : start + next;
    }

    /// <summary>
    /// Whether the first unit may stand before the letters of a word: none of letters, numbers and line ends, and not
    /// the last.
    /// </summary>
    private bool MayLead(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] is not ('\r' or '\n') && (classes.SetOf(text[0]) & (Letters | Numbers)) == 0;

    private int Run(ReadOnlySpan<char> text, int start, int set)
    {
        while (start < text.Length && (classes.SetOf(text[start]) & set) != 0)
        {
            start++;
        }

        return start;
    }

    // spec 11.10-4
    private static int Contraction(ReadOnlySpan<char> text, bool anyCase)
    {
        if (text[0] != '\'' || text.Length == 1)
        {
            return 0;
        }

        char first = Small(text[1], anyCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        return text.Length > 2 && (first, Small(text[2], anyCase)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static char Small(char letter, bool anyCase) =>
        anyCase && letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter;
}
