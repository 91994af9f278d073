namespace LinkCodec.Baselines;

/// <summary>A baseline of the comparison: usable, or with the reason why it is not.</summary>
internal sealed record BaselineEntry(string Name, IBaselineCodec? Codec, string? Unavailable);

/// <summary>The baselines that a comparison has, in the order of its table.</summary>
internal static class BaselineCatalog
{
    /// <param name="examples">Messages to train the zstd dictionary with; null leaves that baseline out with a
    /// reason.</param>
    /// <returns>Every baseline; the caller disposes of the codecs.</returns>
    public static IReadOnlyList<BaselineEntry> Create(IReadOnlyCollection<byte[]>? examples)
    {
        string? noDictionary = examples is null ? "no file to train a dictionary with: --train FILE" : null;
        return
        [
            Entry("raw", null, () => new RawBaseline()),
            Entry("deflate 9", null, () => new DeflateBaseline()),
            Entry("brotli 11", null, () => new BrotliBaseline()),
            Entry("zstd 19", null, () => new ZstdBaseline()),
            Entry("zstd 19 with dictionary", noDictionary, () => new ZstdBaseline(ZstdDictionary.Train(examples!))),
            Entry("xz 9e", XzBaseline.FindReason(), () => new XzBaseline()),
            Entry("zpaq m5", ZpaqBaseline.FindReason(), () => new ZpaqBaseline()),
        ];
    }

    private static BaselineEntry Entry(string name, string? unavailable, Func<IBaselineCodec> create)
    {
        try
        {
            return new BaselineEntry(name, unavailable is null ? create() : null, unavailable);
        }
        catch (BaselineException e)
        {
            return new BaselineEntry(name, null, e.Message);
        }
    }
}
