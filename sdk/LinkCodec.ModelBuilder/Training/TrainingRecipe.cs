using LinkCodec.Core.Prediction;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// A recipe for training a snapshot's context mixing: profiles, the files of each, and how much is taken of a file.
/// Immutable.
/// </summary>
/// <param name="Profiles">The profiles, 1 to 32; a file belongs to the first that fits, and is left out where none
/// does.</param>
/// <param name="SampleKilobytes">Thousands of bytes of a file that are learnt from as messages on their own,
/// about.</param>
/// <param name="RunKilobytes">Thousands of bytes of a file that are learnt from as messages in sequence, about.</param>
/// <param name="Dictionary">The rules that say how much sample text a file gives to the snapshot: the first that fits
/// counts; a file that none fits gives nothing.</param>
/// <param name="ZstdSamples">The rules that say how much of a file the zstd dictionary learns from, in the same
/// way.</param>
internal sealed record TrainingRecipe(IReadOnlyList<ProfileRule> Profiles, int SampleKilobytes, int RunKilobytes,
    IReadOnlyList<DictionaryRule> Dictionary, IReadOnlyList<DictionaryRule> ZstdSamples)
{
    /// <summary>Thousands of bytes that <see cref="SampleKilobytes"/> is where nothing else is said.</summary>
    public const int DefaultSampleKilobytes = 32;

    /// <summary>Thousands of bytes that <see cref="RunKilobytes"/> is where nothing else is said.</summary>
    public const int DefaultRunKilobytes = 24;

    // For a folder without a recipe: some minutes of training, and a dictionary that a small snapshot can bear.
    private const int AllSampleKilobytes = 400;
    private const int AllDictionaryKilobytes = 2000;
    private const int EachZstdKilobytes = 300;

    /// <summary>Reads a recipe from JSON.</summary>
    /// <param name="json">The recipe's text, as <c>models/training/README.md</c> describes it.</param>
    /// <exception cref="FormatException">The text is no recipe; the message is one sentence that says what was expected
    /// and what was found.</exception>
    public static TrainingRecipe Parse(ReadOnlyMemory<byte> json) => RecipeReader.Read(json);

    /// <summary>
    /// A recipe for a folder of which nothing more is known: one profile for text, one for binary records, as far as
    /// there are such files.
    /// </summary>
    /// <param name="files">The files, one at least.</param>
    /// <param name="networks">The number of networks: the first is for text, the last for records.</param>
    public static TrainingRecipe Default(IReadOnlyList<TrainingFile> files, int networks)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        ArgumentOutOfRangeException.ThrowIfNegative(networks);
        List<ProfileRule> profiles = [];
        if (files.Any(file => !IsBinary(file)))
        {
            profiles.Add(new ProfileRule(new ProfileSpec("text", ContentHint.Auto, networks == 0 ? -1 : 0,
                IsBinary: false, Rate: 10, StartRate: 30), ["*.txt", "*.jsonl", "*.rs"]));
        }

        if (files.Any(IsBinary))
        {
            // Where every file is binary and there are several networks, those before the last serve nobody: the caller
            // is told.
            profiles.Add(new ProfileRule(new ProfileSpec("binary", ContentHint.Binary, networks - 1, IsBinary: true,
                Rate: 60, StartRate: 280), ["*.lp"]));
        }

        // The more files, the less of each; of small files a quarter, so that the dictionary has something left.
        long quarter = files.Sum(file => file.Bytes) / files.Count / 4000;
        int sample = (int)Math.Clamp(Math.Min(AllSampleKilobytes / files.Count, quarter), 1, 400);
        int dictionary = Math.Max(150, AllDictionaryKilobytes / files.Count);
        return new TrainingRecipe(profiles, sample, Math.Max(1, sample * 3 / 4), [new DictionaryRule("*", dictionary)],
            [new DictionaryRule("*", EachZstdKilobytes)]);
    }

    /// <summary>The number of the profile that a file belongs to; -1 for none.</summary>
    /// <param name="name">The file's name.</param>
    public int ProfileOf(string name)
    {
        for (int i = 0; i < Profiles.Count; i++)
        {
            if (Profiles[i].Files.Any(glob => FileGlob.Fits(glob, name)))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Bytes that a file gives to the dictionary, about.</summary>
    /// <param name="name">The file's name.</param>
    public long DictionaryBytesOf(string name) => BytesOf(name, Dictionary);

    /// <summary>Bytes of a file that the zstd dictionary learns from, about.</summary>
    /// <param name="name">The file's name.</param>
    public long ZstdSampleBytesOf(string name) => BytesOf(name, ZstdSamples);

    private static long BytesOf(string name, IReadOnlyList<DictionaryRule> rules) =>
        1000L * (rules.FirstOrDefault(rule => FileGlob.Fits(rule.Glob, name))?.Kilobytes ?? 0);

    private static bool IsBinary(TrainingFile file) => file.Name.EndsWith(".lp", StringComparison.Ordinal);
}
