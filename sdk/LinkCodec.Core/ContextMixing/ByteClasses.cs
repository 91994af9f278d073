namespace LinkCodec.Core.ContextMixing;

/// <summary>The classes of bytes: letters, digits, delimiters of fields.</summary>
internal static class ByteClasses
{
    private static readonly bool[] Delimiters = MakeDelimiters();
    private static readonly byte[] Classes = MakeClasses();

    /// <summary>Whether a byte ends a field.</summary>
    internal static bool IsDelimiter(byte value) => Delimiters[value];

    /// <summary>
    /// The class of a byte: 0 control, 1 digit, 2 lower case, 3 upper case, 4 space, 5 delimiter, 6 other ASCII, 7
    /// beyond ASCII.
    /// </summary>
    internal static uint Of(int value) => Classes[value];

    internal static bool IsDigit(int value) => value is >= '0' and <= '9';

    /// <summary>A letter of any script, about: ASCII letters and all bytes beyond ASCII.</summary>
    internal static bool IsLetter(byte value) => (value | 32) is >= 'a' and <= 'z' || value >= 128;

    /// <summary>The value of a hexadecimal digit, -1 for another byte.</summary>
    internal static int HexValue(int value) => value switch
    {
        >= '0' and <= '9' => value - '0',
        >= 'a' and <= 'f' => value - 'a' + 10,
        >= 'A' and <= 'F' => value - 'A' + 10,
        _ => -1,
    };

    private static bool[] MakeDelimiters()
    {
        bool[] table = new bool[256];
        foreach (byte value in ",;|\t :\"{}*/=\n[]()<>"u8)
        {
            table[value] = true;
        }

        return table;
    }

    private static byte[] MakeClasses()
    {
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            table[i] = i switch
            {
                < 32 => 0,
                >= 128 => 7,
                >= '0' and <= '9' => 1,
                >= 'a' and <= 'z' => 2,
                >= 'A' and <= 'Z' => 3,
                ' ' => 4,
                _ => (byte)(Delimiters[i] ? 5 : 6),
            };
        }

        return table;
    }
}
