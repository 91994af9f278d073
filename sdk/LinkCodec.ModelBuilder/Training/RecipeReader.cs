using System.Text.Json;
using LinkCodec.Core.Prediction;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Reads recipes; strict, because a misspelt member would otherwise train something else for an hour.
/// </summary>
internal static class RecipeReader
{
    private const int MaxKilobytes = 60_000;
    private const int DefaultRate = 10;
    private const int DefaultStartRate = 30;

    internal static TrainingRecipe Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return ReadRoot(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}", e);
        }
    }

    private static TrainingRecipe ReadRoot(JsonElement root)
    {
        Require(root, "the file", JsonValueKind.Object, "an object");
        List<ProfileRule> profiles = [];
        int sample = TrainingRecipe.DefaultSampleKilobytes;
        int run = TrainingRecipe.DefaultRunKilobytes;
        List<DictionaryRule> dictionary = [];
        List<DictionaryRule> zstdSamples = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "profiles":
                    Require(member.Value, "profiles", JsonValueKind.Array, "a list");
                    profiles.AddRange(member.Value.EnumerateArray()
                        .Select((profile, number) => ReadProfile(profile, $"profile {number}")));
                    break;
                case "sampleKilobytes":
                    sample = Number(member.Value, member.Name, 0, MaxKilobytes);
                    break;
                case "runKilobytes":
                    run = Number(member.Value, member.Name, 0, MaxKilobytes);
                    break;
                case "dictionaryKilobytes":
                    dictionary.AddRange(ReadRules(member));
                    break;
                case "zstdSampleKilobytes":
                    zstdSamples.AddRange(ReadRules(member));
                    break;
                default:
                    throw new FormatException($"unknown member '{member.Name}': expected profiles, sampleKilobytes, "
                        + "runKilobytes, dictionaryKilobytes, zstdSampleKilobytes");
            }
        }

        if (profiles.Count is 0 or > ContextMixingTrainer.MaxProfiles)
        {
            throw new FormatException(
                $"profiles: expected 1 to {ContextMixingTrainer.MaxProfiles} of them, found {profiles.Count}");
        }

        return profiles.GroupBy(profile => profile.Spec.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new FormatException($"two profiles are called '{twice.Key}'")
            : new TrainingRecipe(profiles, sample, run, dictionary, zstdSamples);
    }

    private static IEnumerable<DictionaryRule> ReadRules(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Number)
        {
            return [new DictionaryRule("*", Number(member.Value, member.Name, 0, MaxKilobytes))];
        }

        Require(member.Value, member.Name, JsonValueKind.Object, "a number, or an object of globs and numbers");
        return member.Value.EnumerateObject().Select(rule => new DictionaryRule(rule.Name,
            Number(rule.Value, $"{member.Name} of '{rule.Name}'", 0, MaxKilobytes)));
    }

    private static ProfileRule ReadProfile(JsonElement profile, string place)
    {
        Require(profile, place, JsonValueKind.Object, "an object");
        string name = "";
        ContentHint hint = ContentHint.Auto;
        (int network, int rate, int startRate) = (-1, DefaultRate, DefaultStartRate);
        bool binary = false;
        List<string> files = [];
        foreach (JsonProperty member in profile.EnumerateObject())
        {
            string what = $"{place}, {member.Name}";
            switch (member.Name)
            {
                case "name":
                    Require(member.Value, what, JsonValueKind.String, "a text");
                    name = member.Value.GetString()!;
                    break;
                case "hint":
                    hint = ReadHint(member.Value, what);
                    break;
                case "network":
                    network = Number(member.Value, what, -1, 7);
                    break;
                case "binary":
                    binary = member.Value.ValueKind == JsonValueKind.True || (member.Value.ValueKind
                        != JsonValueKind.False ? throw Unexpected(what, "true or false", member.Value) : false);
                    break;
                case "rate":
                    rate = Number(member.Value, what, 0, 1023);
                    break;
                case "startRate":
                    startRate = Number(member.Value, what, 0, 1023);
                    break;
                case "files":
                    Require(member.Value, what, JsonValueKind.Array, "a list of globs");
                    files.AddRange(member.Value.EnumerateArray().Select(glob => glob.ValueKind
                        == JsonValueKind.String ? glob.GetString()! : throw Unexpected(what, "a list of globs", glob)));
                    break;
                default:
                    throw new FormatException($"{place}: unknown member '{member.Name}': expected name, hint, network, "
                        + "binary, rate, startRate, files");
            }
        }

        if (name.Length is 0 or > 32 || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new FormatException(
                $"{place}, name: expected 1 to 32 visible ASCII characters without spaces, found '{name}'");
        }

        if (rate + startRate > 1023)
        {
            throw new FormatException(
                $"{place}: rate and startRate together must be at most 1023, found {rate + startRate}");
        }

        return files.Count == 0
            ? throw new FormatException($"{place}, files: expected one glob at least")
            : new ProfileRule(new ProfileSpec(name, hint, network, binary, rate, startRate), files);
    }

    private static ContentHint ReadHint(JsonElement value, string what)
    {
        string[] names = Enum.GetNames<ContentHint>();
        return value.ValueKind == JsonValueKind.String && names.Contains(value.GetString())
            ? Enum.Parse<ContentHint>(value.GetString()!)
            : throw Unexpected(what, string.Join(", ", names), value);
    }

    private static int Number(JsonElement value, string what, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least
            && number <= most
            ? number
            : throw Unexpected(what, $"a whole number from {least} to {most}", value);

    private static void Require(JsonElement value, string what, JsonValueKind kind, string expected)
    {
        if (value.ValueKind != kind)
        {
            throw Unexpected(what, expected, value);
        }
    }

    private static FormatException Unexpected(string what, string expected, JsonElement found)
    {
        string text = found.GetRawText().ReplaceLineEndings(" ");
        return new FormatException(
            $"{what}: expected {expected}, found {(text.Length > 40 ? text[..40] + "..." : text)}");
    }
}
