using LinkCodec.Peers;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The peers over the same messages; their dictionary comes from the training file of the same kind.</summary>
internal static class PeerColumns
{
    public const string Dictionary = "zstd-dict";
    public const string Brotli = "brotli";
    public const string Deflate = "deflate";

    /// <summary>The columns in their order.</summary>
    public static readonly string[] Names = [Dictionary, Brotli, Deflate];

    private const int PieceBytes = 1000;

    /// <param name="messages">What LinkCodec was given.</param>
    /// <param name="trainPath">The training file of the same kind; the dictionary's column is missing where it does not exist.</param>
    public static Dictionary<string, long> Measure(IReadOnlyCollection<byte[]> messages, string trainPath)
    {
        Dictionary<string, long> columns = [];
        Add(columns, Deflate, messages, () => new DeflatePeer());
        Add(columns, Brotli, messages, () => new BrotliPeer());
        if (File.Exists(trainPath))
        {
            Add(columns, Dictionary, messages, () => new ZstdPeer(ZstdDictionary.Train(Examples(trainPath))));
        }

        return columns;
    }

    private static List<byte[]> Examples(string trainPath)
    {
        List<byte[]> examples = DevFiles.Read(trainPath, PieceBytes);
        new PythonRandom(2).Shuffle(examples);
        return examples;
    }

    private static void Add(Dictionary<string, long> columns, string name, IReadOnlyCollection<byte[]> messages, Func<IPeerCodec> create)
    {
        try
        {
            using IPeerCodec peer = create();
            columns[name] = PeerMeasurement.Of(peer, messages).CodedBytes;
        }
        catch (PeerException e)
        {
            Console.Error.WriteLine($"{name}: {e.Message}");
        }
    }
}
