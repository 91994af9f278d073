namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// GPT-2's way to write bytes as printable characters: printable Latin-1 as itself, the other 68 in their order from
/// U+0100 on.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Letters = Make();
    private static readonly short[] Values = Invert();

    /// <summary>Bytes as a text of as many characters.</summary>
    internal static string Write(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, from) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = Letters[from[i]];
        }
    });

    /// <summary>The bytes of a text, or null where it has a character that stands for none.</summary>
    internal static byte[]? Read(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            int value = text[i] < Values.Length ? Values[text[i]] : -1;
            if (value < 0)
            {
                return null;
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] Make()
    {
        int next = 0x100;
        return [.. Enumerable.Range(0, 256)
            .Select(b => (char)(b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and not 0xAD) ? b : next++))];
    }

    private static short[] Invert()
    {
        short[] values = new short[0x100 + 68];
        Array.Fill(values, (short)-1);
        for (short b = 0; b < 256; b++)
        {
            values[Letters[b]] = b;
        }

        return values;
    }
}
