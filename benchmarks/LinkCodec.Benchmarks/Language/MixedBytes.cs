using System.Text;
using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// Messages of all kinds, the same in every run: text, characters of many scripts, text with wrong bytes, text cut
/// within characters, binary.
/// </summary>
internal static class MixedBytes
{
    private const int Kinds = 5;
    private const int LongestMessage = 2000;

    // First and last character of ranges: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, punctuation, kana, CJK,
    // Hangul, emoji.
    private static readonly (int First, int Last)[] Scripts =
    [
        (0x20, 0x7E), (0xA1, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x5D0, 0x5EA), (0x620, 0x64A), (0x900, 0x97F),
        (0x2010, 0x2044), (0x3041, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1F300, 0x1F64F),
    ];

    /// <summary>Messages of so many bytes together, or a few more.</summary>
    /// <param name="text">Text to take from; it may have any bytes.</param>
    /// <param name="bytes">The fewest bytes to give.</param>
    /// <param name="seed">Other messages for another one.</param>
    public static List<byte[]> Make(byte[] text, int bytes, uint seed)
    {
        PythonRandom random = new(seed);
        List<byte[]> messages = [];
        for (int left = bytes; left > 0; left -= messages[^1].Length)
        {
            int length = 1 + (int)random.Below(LongestMessage);
            byte[] slice = Slice(text, length, random);
            messages.Add(random.Below(Kinds) switch
            {
                0 => slice,
                1 => Damage(slice, random),
                2 => Characters(length, random),
                3 => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Below(256))],
                _ => [.. Enumerable.Range(0, length).Select(i => i % 8 < 5 ? (byte)(i / 8) : (byte)random.Below(4))],
            });
        }

        return messages;
    }

    private static byte[] Slice(byte[] text, int length, PythonRandom random)
    {
        int at = (int)random.Below((uint)Math.Max(1, text.Length - length));
        return text[at..Math.Min(text.Length, at + length)];
    }

    private static byte[] Damage(byte[] text, PythonRandom random)
    {
        for (int at = (int)random.Below(50); at < text.Length; at += 1 + (int)random.Below(50))
        {
            text[at] = (byte)random.Below(256);
        }

        return text;
    }

    private static byte[] Characters(int length, PythonRandom random)
    {
        StringBuilder characters = new();
        (int first, int last) = Scripts[(int)random.Below((uint)Scripts.Length)];
        for (int i = 0; i < length / 3; i++)
        {
            if (random.Below(16) == 0)
            {
                (first, last) = Scripts[(int)random.Below((uint)Scripts.Length)];
            }

            characters.Append(char.ConvertFromUtf32(first + (int)random.Below((uint)(last - first + 1))));
        }

        return Encoding.UTF8.GetBytes(characters.ToString());
    }
}
