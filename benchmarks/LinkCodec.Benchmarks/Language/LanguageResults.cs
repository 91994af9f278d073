namespace LinkCodec.Benchmarks.Language;

/// <summary>All that was measured, by file or number of streams.</summary>
internal sealed class LanguageResults
{
    public SortedDictionary<string, NetworkFigures> Floats { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, NetworkFigures> Exact { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, EnglishFigures> English { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ProseFigures> Prose { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, StructuredFigures> Structured { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, LanguageSpeedFigures> Speeds { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RoundTripFigures> RoundTrips { get; } = new(StringComparer.Ordinal);
}
