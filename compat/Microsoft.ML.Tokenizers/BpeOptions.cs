using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>What a <see cref="BpeTokenizer"/> is made of.</summary>
public sealed class BpeOptions
{
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
    }

    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        ArgumentNullException.ThrowIfNull(vocabFile);
        if (!File.Exists(vocabFile))
        {
            throw new ArgumentException($"Could not find the vocabulary file '{vocabFile}'.");
        }

        if (mergesFile is not null && !File.Exists(mergesFile))
        {
            throw new ArgumentException($"Could not find the merges file '{mergesFile}'.");
        }

        using FileStream vocabulary = File.OpenRead(vocabFile);
        using FileStream? merges = mergesFile is null ? null : File.OpenRead(mergesFile);
        Vocabulary = ReadVocabulary(vocabulary);
        Merges = merges is null ? null : ReadMerges(merges);
    }

    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    public IEnumerable<string>? Merges { get; set; }

    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    public Normalizer? Normalizer { get; set; }

    public PreTokenizer? PreTokenizer { get; set; }

    public string? UnknownToken { get; set; }

    public bool FuseUnknownTokens { get; set; }

    public string? ContinuingSubwordPrefix { get; set; }

    public string? EndOfWordSuffix { get; set; }

    /// <summary>Whether words become UTF-8 bytes before merging, each written as a printable character.</summary>
    public bool ByteLevel { get; set; }

    public string? BeginningOfSentenceToken { get; set; }

    public string? EndOfSentenceToken { get; set; }

    internal static Dictionary<string, int> ReadVocabulary(Stream stream)
    {
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
    }

    internal static List<string> ReadMerges(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        List<string> merges = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                merges.Add(line);
            }
        }

        return merges;
    }
}
