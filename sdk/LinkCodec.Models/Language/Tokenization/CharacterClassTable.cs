namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// The class of every UTF-16 unit, as a tokenizer's file ships it: a runtime's own tables change with its Unicode
/// version. Immutable.
/// </summary>
internal sealed class CharacterClassTable
{
    /// <summary>UTF-16 units.</summary>
    internal const int Units = 1 << 16;

    /// <summary>Bytes of a run in a file: its last unit in two, low byte first, and its class.</summary>
    internal const int RunLength = 3;

    private const int FirstHalf = 0xD800;
    private const int Halves = 0x800;

    private readonly byte[] _classes;

    /// <summary>Takes over a table.</summary>
    /// <param name="classes">A <see cref="CharacterClass"/> for each of <see cref="Units"/>.</param>
    internal CharacterClassTable(byte[] classes) => _classes = classes;

    /// <summary>A set that holds the unit's class alone: bit <c>1 &lt;&lt; class</c>.</summary>
    internal int SetOf(char unit) => 1 << _classes[unit];

    /// <summary>The runs of equal classes, in order.</summary>
    internal byte[] Write()
    {
        List<byte> runs = [];
        for (int unit = 0; unit < Units; unit++)
        {
            if (unit == Units - 1 || _classes[unit] != _classes[unit + 1])
            {
                runs.AddRange([(byte)unit, (byte)(unit >> 8), _classes[unit]]);
            }
        }

        return [.. runs];
    }

    /// <summary>
    /// The table of some runs; null where they are not the runs of any, spelled in the one way, or of one that does not
    /// call space and line ends white space, and halves of characters other.
    /// </summary>
    /// <param name="runs">Whole runs.</param>
    internal static CharacterClassTable? Read(ReadOnlySpan<byte> runs)
    {
        byte[] classes = new byte[Units];
        int start = 0;
        for (; !runs.IsEmpty; runs = runs[RunLength..]) // spec 11.10-2
        {
            int end = (runs[0] | (runs[1] << 8)) + 1;
            if (end <= start || runs[2] > (byte)CharacterClass.Mark || (start > 0 && classes[start - 1] == runs[2]))
            {
                return null;
            }

            classes.AsSpan(start..end).Fill(runs[2]);
            start = end;
        }

        // Patterns name these three: a word of white space must not come out empty. And none may end between the halves
        // of a character.
        bool known = classes[' '] == (byte)CharacterClass.Space && classes['\r'] == (byte)CharacterClass.Space
            && classes['\n'] == (byte)CharacterClass.Space
            && !classes.AsSpan(FirstHalf, Halves).ContainsAnyExcept((byte)CharacterClass.Other);
        return start == Units && known ? new CharacterClassTable(classes) : null;
    }
}
