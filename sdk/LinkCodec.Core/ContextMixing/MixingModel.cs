using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// A trained model: profiles with their maps and mixing weights, the detector, the dictionary. Immutable, thread-safe.
/// </summary>
internal sealed class MixingModel
{
    /// <summary>Profiles at most.</summary>
    internal const int MaxProfiles = 32;

    /// <summary>Networks at most.</summary>
    internal const int MaxNetworks = 8;

    internal MixingModel(IReadOnlyList<MixingProfile> profiles, byte[] detector, PresetDictionary? dictionary)
    {
        Profiles = profiles;
        Detector = new ProfileDetector(detector, profiles);
        Dictionary = dictionary;
        NetworkCount = profiles.Max(profile => profile.Network) + 1;
    }

    /// <summary>The mark at the end of the name of a profile that is another one's form without a network.</summary>
    internal const char LightMark = '~';

    /// <summary>Whether a message of any kind can be coded without a network.</summary>
    public bool HasLight => Profiles.Any(profile => profile.Network < 0);

    /// <summary>Whether a profile is one to choose among: of those with a network and their forms without one, either
    /// these or those.</summary>
    /// <param name="profile">The profile's number.</param>
    /// <param name="isLight">Whether networks are avoided.</param>
    internal bool Allows(int profile, bool isLight) => isLight && HasLight
        ? Profiles[profile].Network < 0
        : !Profiles[profile].Name.EndsWith(LightMark);

    /// <summary>Networks that its profiles name, 0 to 8.</summary>
    public int NetworkCount { get; }

    /// <summary>The profiles' names, by number.</summary>
    public IReadOnlyList<string> ProfileNames => [.. Profiles.Select(profile => profile.Name)];

    /// <summary>The hints that mean the profiles, by number.</summary>
    public IReadOnlyList<ContentHint> ProfileHints => [.. Profiles.Select(profile => profile.Hint)];

    /// <summary>Bytes of sample text that it looks matches up in.</summary>
    public int DictionaryLength => Dictionary?.Text.Length ?? 0;

    internal IReadOnlyList<MixingProfile> Profiles { get; }

    internal ProfileDetector Detector { get; }

    internal PresetDictionary? Dictionary { get; }

    /// <summary>Reads the two files of a snapshot. Never throws on bytes.</summary>
    /// <param name="file">The file "context-mixing.bin".</param>
    /// <param name="dictionary">The file "dictionary.bin", or nothing.</param>
    /// <param name="model">The model, null when false.</param>
    /// <param name="fault">The reason when false, in words that continue "the context mixing's file ...".</param>
    public static bool TryRead(ReadOnlySpan<byte> file, ReadOnlySpan<byte> dictionary,
        [NotNullWhen(true)] out MixingModel? model, out string fault)
    {
        model = null;
        if (!ContextMixingFile.TryUnpack(dictionary, ContextMixingFile.LargestDictionary, out byte[] text))
        {
            fault = "is well, but the dictionary is damaged or too large";
            return false;
        }

        return ContextMixingFile.TryRead(file, text.Length == 0 ? null : new PresetDictionary(text),
            out model, out fault);
    }
}
