namespace LinkCodec.Media.Deflate;

/// <summary>The settings of zlib's deflate.</summary>
/// <param name="Level">1 to 9.</param>
/// <param name="IsFiltered">Whether short matches are avoided (Z_FILTERED), as PNG writers ask for.</param>
/// <param name="MemoryLevel">1 to 9: symbols in a block, and the size of the hash.</param>
/// <param name="WindowBits">8 to 15.</param>
internal readonly record struct DeflateSettings(int Level, bool IsFiltered, int MemoryLevel, int WindowBits)
{
    // By level: from which length on fewer candidates are tried, up to which length a better match is waited for, which
    // length is good enough, and how many candidates are tried.
    private static ReadOnlySpan<short> Efforts =>
    [
        4, 4, 8, 4, 4, 5, 16, 8, 4, 6, 32, 32, 4, 4, 16, 16, 8, 16, 32, 32, 8, 16, 128, 128, 8, 32, 128, 256, 32, 128,
        258, 1024, 32, 258, 258, 4096,
    ];

    /// <summary>Whether the numbers are within their limits.</summary>
    public bool IsValid => Level is >= 1 and <= 9 && MemoryLevel is >= 1 and <= 9 && WindowBits is >= 9 and <= 15;

    /// <summary>Symbols of a block.</summary>
    public int BlockSymbols => (1 << (MemoryLevel + 6)) - 1;

    /// <summary>Whether a match waits for a better one at the next byte.</summary>
    public bool IsLazy => Level >= 4;

    /// <summary>From which length of the last match on fewer candidates are tried.</summary>
    public int Good => Efforts[4 * (Level - 1)];

    /// <summary>Up to which length a better match is waited for; without waiting, up to which a match's bytes are
    /// remembered.</summary>
    public int Lazy => Efforts[(4 * (Level - 1)) + 1];

    /// <summary>The length that is good enough.</summary>
    public int Nice => Efforts[(4 * (Level - 1)) + 2];

    /// <summary>Candidates tried.</summary>
    public int Chain => Efforts[(4 * (Level - 1)) + 3];

    /// <summary>The settings that may have made a stream with these first two bytes, the usual ones first.</summary>
    public static IEnumerable<DeflateSettings> Candidates(byte method, byte flags)
    {
        int[] levels = (flags >> 6) switch { 0 => [1], 1 => [2, 3, 4, 5], 2 => [6], _ => [9, 8, 7] };
        int window = (method >> 4) + 8;
        foreach (int bits in window is >= 9 and < 15 ? (int[])[15, window] : [15])
        {
            foreach (int level in levels)
            {
                yield return new DeflateSettings(level, true, 8, bits);
                yield return new DeflateSettings(level, true, 9, bits);
                yield return new DeflateSettings(level, false, 8, bits);
                yield return new DeflateSettings(level, false, 9, bits);
            }
        }
    }
}
