namespace Microsoft.ML.Tokenizers;

/// <summary>Bytes written as printable characters, as GPT-2's vocabularies do: printable Latin-1 as itself, the others from U+0100 on.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Make();
    private static readonly string[] Texts = [.. Characters.Select(c => c.ToString())];
    private static readonly Dictionary<char, byte> Bytes = Characters.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => (byte)p.i);

    /// <summary>The character as a text.</summary>
    public static string ToText(byte value) => Texts[value];

    public static bool TryToByte(char character, out byte value) => Bytes.TryGetValue(character, out value);

    private static char[] Make()
    {
        char[] characters = new char[256];
        int next = 0x100;
        for (int i = 0; i < 256; i++)
        {
            bool printable = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[i] = (char)(printable ? i : next++);
        }

        return characters;
    }
}
