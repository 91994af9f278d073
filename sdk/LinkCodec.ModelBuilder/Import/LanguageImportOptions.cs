namespace LinkCodec.ModelBuilder.Import;

/// <summary>The options of an import.</summary>
public sealed record LanguageImportOptions
{
    /// <summary>
    /// Positions that the network sees at most: fewer where the model was made for fewer. 16 to 8,192; memory of a
    /// stream grows with it.
    /// </summary>
    public int Window { get; init; } = 2048;

    /// <summary>
    /// UTF-8 text like what will be sent; some 2,000 tokens of it are looked at. Empty: the library's own sample, of
    /// many kinds.
    /// </summary>
    public ReadOnlyMemory<byte> Calibration { get; init; }

    /// <summary>
    /// Texts to measure on, cut into messages of 500 bytes, twelve a text. Empty: the last quarter of the calibration
    /// text.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Texts { get; init; } = [];

    /// <summary>The seed of the random rotations. The same seed gives the same files on the same machine.</summary>
    public ulong Seed { get; init; }
}
