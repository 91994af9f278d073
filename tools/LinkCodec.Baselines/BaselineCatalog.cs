namespace LinkCodec.Baselines;

/// <summary>A baseline of the comparison: usable, or with the reason why it is not. Owns its codecs.</summary>
/// <param name="Name">The baseline's name.</param>
/// <param name="Codec">The baseline, for single messages.</param>
/// <param name="Blocks">The baseline for blocks of messages: the same unless it was trained for them.</param>
/// <param name="Unavailable">Why there is no codec; null where there is.</param>
internal sealed record BaselineEntry(string Name, IBaselineCodec? Codec, IBaselineCodec? Blocks, string? Unavailable)
    : IDisposable
{
    public void Dispose()
    {
        Codec?.Dispose();
        Blocks?.Dispose();
    }
}

/// <summary>The baselines that a comparison has, in the order of its table.</summary>
internal static class BaselineCatalog
{
    /// <summary>The name of the baseline that needs examples.</summary>
    public const string ZstdWithDictionary = "zstd 19 with dictionary";

    /// <param name="examples">Messages to train the zstd dictionary with; null leaves that baseline out with a
    /// reason.</param>
    /// <returns>Every baseline; the caller disposes of them.</returns>
    public static IReadOnlyList<BaselineEntry> Create(IReadOnlyCollection<byte[]>? examples)
    {
        string? noDictionary = examples is null ? "no file to train a dictionary with: --train FILE" : null;
        return
        [
            Entry("raw", null, () => new RawBaseline()),
            Entry("deflate 9", null, () => new DeflateBaseline()),
            Entry("brotli 11", null, () => new BrotliBaseline()),
            Entry("zstd 19", null, () => new ZstdBaseline()),
            Entry(ZstdWithDictionary, noDictionary, () => new ZstdBaseline(ZstdDictionary.Train(examples!)),
                () => new ZstdBaseline(ZstdDictionary.TrainForSegments(examples!))),
            Entry("xz 9e", XzBaseline.FindReason(), () => new XzBaseline()),
            Entry("zpaq m5", ZpaqBaseline.FindReason(), () => new ZpaqBaseline()),
        ];
    }

    private static BaselineEntry Entry(string name, string? unavailable, Func<IBaselineCodec> create,
        Func<IBaselineCodec>? forBlocks = null)
    {
        if (unavailable is not null)
        {
            return new BaselineEntry(name, null, null, unavailable);
        }

        try
        {
            IBaselineCodec codec = create();
            return new BaselineEntry(name, codec, forBlocks?.Invoke() ?? codec, null);
        }
        catch (BaselineException e)
        {
            return new BaselineEntry(name, null, null, e.Message);
        }
    }
}
