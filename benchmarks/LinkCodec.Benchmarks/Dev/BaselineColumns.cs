using LinkCodec.Baselines;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// The baselines over the same messages; their dictionary comes from the training file of the same kind.
/// </summary>
internal static class BaselineColumns
{
    public const string Deflate = "deflate";
    public const string Brotli = "brotli";
    public const string Zstd = "zstd";
    public const string Dictionary = "zstd-dict";
    public const string Xz = "xz";
    public const string Zpaq = "zpaq";

    /// <summary>Those that code message by message, in the order of the table.</summary>
    public static readonly string[] Names = [Deflate, Brotli, Zstd, Dictionary];

    // Of less, an archive is names and dates more than content.
    private const int LeastForZpaq = 10_000;

    private const int PieceBytes = 1000;

    /// <summary>Bytes that each baseline needs for messages, each alone.</summary>
    /// <param name="messages">What LinkCodec was given.</param>
    /// <param name="dictionary">The dictionary for zstd; null leaves that column out.</param>
    public static Dictionary<string, long> Measure(IReadOnlyCollection<byte[]> messages, byte[]? dictionary)
    {
        Dictionary<string, long> columns = [];
        Add(columns, Deflate, messages, () => new DeflateBaseline());
        Add(columns, Brotli, messages, () => new BrotliBaseline());
        Add(columns, Zstd, messages, () => new ZstdBaseline());
        AddDictionary(columns, messages, dictionary);
        return columns;
    }

    /// <summary>
    /// Zstd with a dictionary over the pieces of a stretch, and what takes files whole over its bytes.
    /// </summary>
    public static Dictionary<string, long> MeasureStretch(IReadOnlyCollection<byte[]> pieces, byte[] stretch,
        byte[]? dictionary)
    {
        Dictionary<string, long> columns = [];
        AddDictionary(columns, pieces, dictionary);
        if (XzBaseline.FindReason() is null)
        {
            Add(columns, Xz, [stretch], () => new XzBaseline());
        }

        if (stretch.Length >= LeastForZpaq && ZpaqBaseline.FindReason() is null)
        {
            using ZpaqBaseline zpaq = new();
            Add(columns, Zpaq, [stretch], () => new ZpaqBaseline());
            columns[Zpaq] -= zpaq.Compress([]).Length; // What an archive of an empty file takes says names and dates.
        }

        return columns;
    }

    /// <summary>A dictionary from a training file; null where there is none.</summary>
    public static byte[]? Train(string trainPath)
    {
        if (!File.Exists(trainPath))
        {
            return null;
        }

        List<byte[]> examples = DevFiles.Read(trainPath, PieceBytes);
        new PythonRandom(2).Shuffle(examples);
        try
        {
            return ZstdDictionary.Train(examples);
        }
        catch (BaselineException e)
        {
            Console.Error.WriteLine($"{Dictionary}: {e.Message}");
            return null;
        }
    }

    private static void AddDictionary(Dictionary<string, long> columns, IReadOnlyCollection<byte[]> messages,
        byte[]? dictionary)
    {
        if (dictionary is { Length: > 0 })
        {
            Add(columns, Dictionary, messages, () => new ZstdBaseline(dictionary));
        }
    }

    private static void Add(Dictionary<string, long> columns, string name, IReadOnlyCollection<byte[]> messages,
        Func<IBaselineCodec> create)
    {
        try
        {
            using IBaselineCodec baseline = create();
            columns[name] = BaselineMeasurement.Of(baseline, messages).CodedBytes;
        }
        catch (BaselineException e)
        {
            Console.Error.WriteLine($"{name}: {e.Message}");
        }
    }
}
