using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Experts;

/// <summary>What training left of the experts: profiles with their maps and mixing weights, the detector, the corpus. Immutable, thread-safe.</summary>
public sealed class ExpertModel
{
    /// <summary>Profiles at most.</summary>
    internal const int MaxProfiles = 32;

    /// <summary>Networks at most.</summary>
    internal const int MaxNetworks = 8;

    internal ExpertModel(IReadOnlyList<ExpertProfile> profiles, byte[] detector, Corpus? corpus)
    {
        Profiles = profiles;
        Detector = new ProfileDetector(detector, profiles);
        Corpus = corpus;
        NetworkCount = profiles.Max(profile => profile.Network) + 1;
    }

    /// <summary>Networks that its profiles name, 0 to 8.</summary>
    public int NetworkCount { get; }

    /// <summary>The profiles' names, by number.</summary>
    public IReadOnlyList<string> ProfileNames => [.. Profiles.Select(profile => profile.Name)];

    /// <summary>The hints that mean the profiles, by number.</summary>
    public IReadOnlyList<ContentHint> ProfileHints => [.. Profiles.Select(profile => profile.Hint)];

    /// <summary>Bytes of sample text that it looks matches up in.</summary>
    public int CorpusLength => Corpus?.Text.Length ?? 0;

    internal IReadOnlyList<ExpertProfile> Profiles { get; }

    internal ProfileDetector Detector { get; }

    internal Corpus? Corpus { get; }

    /// <summary>Reads the two files of a snapshot. Never throws on bytes.</summary>
    /// <param name="file">The file "experts.bin".</param>
    /// <param name="corpus">The file "corpus.bin", or nothing.</param>
    /// <param name="model">The model, null when false.</param>
    /// <param name="fault">Why not, in words that continue "the experts' file ...".</param>
    public static bool TryRead(ReadOnlySpan<byte> file, ReadOnlySpan<byte> corpus, [NotNullWhen(true)] out ExpertModel? model, out string fault)
    {
        model = null;
        if (!ExpertFile.TryUnpack(corpus, ExpertFile.LargestCorpus, out byte[] text))
        {
            fault = "is well, but the corpus is damaged or too large";
            return false;
        }

        return ExpertFile.TryRead(file, text.Length == 0 ? null : new Corpus(text), out model, out fault);
    }
}
