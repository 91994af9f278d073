using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte pair encoding (Sennrich, Haddow and Birch, 2016), over characters or over bytes.</summary>
public sealed partial class BpeTokenizer : Tokenizer
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<int, string> _tokens;
    private readonly Dictionary<int, string> _special;
    private readonly BpeMerger _merger;
    private readonly int? _unknownId;
    private readonly int? _beginningId;
    private readonly int? _endId;

    private BpeTokenizer(BpeOptions options)
    {
        _vocabulary = options.Vocabulary.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        if (_vocabulary.Count == 0)
        {
            throw new InvalidOperationException("The vocabulary cannot be empty.");
        }

        _tokens = _vocabulary.ToDictionary(p => p.Value, p => p.Key);
        SpecialTokens = options.SpecialTokens;
        _special = SpecialTokens?.ToDictionary(p => p.Value, p => p.Key) ?? [];
        PreTokenizer = options.PreTokenizer ?? PreTokenizer.CreateWordOrNonWord();
        Normalizer = options.Normalizer;
        ByteLevel = options.ByteLevel;
        ContinuingSubwordPrefix = options.ContinuingSubwordPrefix;
        EndOfWordSuffix = options.EndOfWordSuffix;
        FuseUnknownTokens = options.FuseUnknownTokens;
        UnknownToken = options.UnknownToken;
        BeginningOfSentenceToken = options.BeginningOfSentenceToken;
        EndOfSentenceToken = options.EndOfSentenceToken;
        _unknownId = UnknownToken is null ? null
            : _vocabulary.TryGetValue(UnknownToken, out int unknown) ? unknown
            : throw new InvalidOperationException($"Unknown Token '{UnknownToken}' was not present in 'Vocabulary'.");
        _beginningId = SentenceId(BeginningOfSentenceToken, "beginning");
        _endId = SentenceId(EndOfSentenceToken, "end");
        _merger = new BpeMerger(ReadMerges(options.Merges ?? []));
    }

    public override PreTokenizer? PreTokenizer { get; }

    public override Normalizer? Normalizer { get; }

    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }

    public IReadOnlyDictionary<string, int> Vocabulary => _vocabulary.AsReadOnly();

    public string? UnknownToken { get; }

    public string? ContinuingSubwordPrefix { get; }

    public string? EndOfWordSuffix { get; }

    public bool FuseUnknownTokens { get; }

    public bool ByteLevel { get; }

    public string? BeginningOfSentenceToken { get; }

    internal string? EndOfSentenceToken { get; }

    public static BpeTokenizer Create(BpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BpeTokenizer(options);
    }

    public static BpeTokenizer Create(string vocabFile, string? mergesFile) =>
        Create(vocabFile, mergesFile, preTokenizer: null);

    public static BpeTokenizer Create(
        string vocabFile,
        string? mergesFile,
        PreTokenizer? preTokenizer = null,
        Normalizer? normalizer = null,
        IReadOnlyDictionary<string, int>? specialTokens = null,
        string? unknownToken = null,
        string? continuingSubwordPrefix = null,
        string? endOfWordSuffix = null,
        bool fuseUnknownTokens = false)
    {
        ArgumentNullException.ThrowIfNull(vocabFile);
        using FileStream vocabulary = File.OpenRead(vocabFile);
        using FileStream? merges = mergesFile is null ? null : File.OpenRead(mergesFile);
        return Create(vocabulary, merges, preTokenizer, normalizer, specialTokens, unknownToken, continuingSubwordPrefix, endOfWordSuffix, fuseUnknownTokens);
    }

    public static BpeTokenizer Create(Stream vocabStream, Stream? mergesStream) =>
        Create(vocabStream, mergesStream, preTokenizer: null);

    public static BpeTokenizer Create(
        Stream vocabStream,
        Stream? mergesStream,
        PreTokenizer? preTokenizer = null,
        Normalizer? normalizer = null,
        IReadOnlyDictionary<string, int>? specialTokens = null,
        string? unknownToken = null,
        string? continuingSubwordPrefix = null,
        string? endOfWordSuffix = null,
        bool fuseUnknownTokens = false)
    {
        ArgumentNullException.ThrowIfNull(vocabStream);
        return new BpeTokenizer(new BpeOptions(BpeOptions.ReadVocabulary(vocabStream))
        {
            Merges = mergesStream is null ? null : BpeOptions.ReadMerges(mergesStream),
            PreTokenizer = preTokenizer,
            Normalizer = normalizer,
            SpecialTokens = specialTokens,
            UnknownToken = unknownToken,
            ContinuingSubwordPrefix = continuingSubwordPrefix,
            EndOfWordSuffix = endOfWordSuffix,
            FuseUnknownTokens = fuseUnknownTokens,
        });
    }

    private int? SentenceId(string? token, string which)
    {
        if (token is null)
        {
            return null;
        }

        return _vocabulary.TryGetValue(token, out int id) || SpecialTokens?.TryGetValue(token, out id) is true
            ? id
            : throw new InvalidOperationException($"The {which} of sentence token '{token}' was not present in the vocabulary.");
    }

    private Dictionary<(int Left, int Right), (int Rank, int Id)> ReadMerges(IEnumerable<string> lines)
    {
        Dictionary<(int Left, int Right), (int Rank, int Id)> merges = [];
        int prefix = ContinuingSubwordPrefix?.Length ?? 0;
        foreach (string line in lines)
        {
            string[] parts = line?.Split(' ') ?? throw new InvalidOperationException("The merge entries cannot be null.");
            if (parts.Length != 2 || parts[1].Length <= prefix)
            {
                throw new InvalidOperationException($"Invalid merge '{line}'.");
            }

            merges.Add((Id(parts[0]), Id(parts[1])), (merges.Count, Id(parts[0] + parts[1][prefix..])));
        }

        return merges;

        int Id(string token) => _vocabulary.TryGetValue(token, out int id)
            ? id
            : throw new InvalidOperationException($"Trying to merge a token '{token}' which not exist in the vocabulary.");
    }
}
