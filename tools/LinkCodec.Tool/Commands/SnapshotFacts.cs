using System.Globalization;
using System.Text.Json;
using LinkCodec.CommandLine;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Preambles;

namespace LinkCodec.Tool.Commands;

/// <summary>The facts of a snapshot that are worth showing, as lines or as JSON.</summary>
internal static class SnapshotFacts
{
    /// <summary>The facts that a manifest tells.</summary>
    public static (string Key, object Value)[] Of(SnapshotManifest manifest)
    {
        List<(string Key, object Value)> facts =
        [
            ("label", manifest.Label), ("name", manifest.Name.ToString()), ("family", manifest.Family),
            ("alphabet", manifest.AlphabetSize), ("frequency_bits", manifest.FrequencyBits),
            ("networks", Networks(manifest)),
        ];
        if (manifest.Family is SnapshotManifest.MixedFamily or SnapshotManifest.LanguageFamily)
        {
            facts.Add(("context_mixing", ContextMixing(manifest)));
        }

        facts.Add(("fingerprint", manifest.Fingerprint.ToString()));
        facts.Add(("files", string.Join(", ", manifest.Files.Select(f => $"{f.Path} ({f.Size} bytes)"))));
        return [.. facts];
    }

    /// <summary>The family, and what networks it has where that says more: "mixed, 2 networks".</summary>
    public static string Kind(SnapshotManifest manifest) => manifest.Family switch
    {
        SnapshotManifest.MixedFamily => $"{manifest.Family}, "
            + $"{manifest.Networks.Count switch { 0 => "no network", 1 => "1 network", int n => $"{n} networks" }}",
        SnapshotManifest.LanguageFamily => $"{manifest.Family}, {manifest.TokenNetwork.Vocabulary} tokens",
        _ => manifest.Family,
    };

    /// <summary>Lines of a key and a value, or one JSON object.</summary>
    public static void Print(bool json, TextWriter output, params ReadOnlySpan<(string Key, object Value)> facts) =>
        Print(json, output, [], facts);

    /// <summary>Lines or an object with the facts, and with the worth of preambles, if there are any.</summary>
    public static void Print(bool json, TextWriter output, IReadOnlyList<PreambleReport> preambles,
        params ReadOnlySpan<(string Key, object Value)> facts)
    {
        (string Key, object Value)[] all = facts.ToArray();
        if (json)
        {
            CommandHost.WriteJson(output, writer =>
            {
                foreach ((string key, object value) in all)
                {
                    Write(writer, key, value);
                }

                if (preambles.Count > 0)
                {
                    WritePreambles(writer, preambles);
                }
            });
            return;
        }

        foreach ((string key, object value) in all)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key,-15} {value}"));
        }

        foreach (PreambleReport one in preambles)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"preamble",-15} {one.Profile}: {one.Messages} messages, {one.Tokens} tokens; {one.Measured} others "
                    + $"cost {one.WithoutBitsPerByte:F3} bits a byte without it, {one.WithBitsPerByte:F3} with "
                    + $"it{(one.IsKept ? "" : ": left out")}"));
        }
    }

    private static void Write(Utf8JsonWriter writer, string key, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteString(key, text);
                break;
            case double number:
                writer.WriteNumber(key, number);
                break;
            default:
                writer.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WritePreambles(Utf8JsonWriter writer, IReadOnlyList<PreambleReport> preambles)
    {
        writer.WriteStartArray("preambles");
        foreach (PreambleReport one in preambles)
        {
            writer.WriteStartObject();
            writer.WriteString("profile", one.Profile);
            writer.WriteNumber("tokens", one.Tokens);
            writer.WriteNumber("messages", one.Messages);
            writer.WriteNumber("measured", one.Measured);
            writer.WriteNumber("bits_per_byte_without", Math.Round(one.WithoutBitsPerByte, 4));
            writer.WriteNumber("bits_per_byte_with", Math.Round(one.WithBitsPerByte, 4));
            writer.WriteBoolean("kept", one.IsKept);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Networks(SnapshotManifest manifest)
    {
        IEnumerable<string> networks = manifest.Networks
            .Select(n => $"{n.StateTensors} states of {n.StateWidth}, {n.LargestBatch} streams together");
        if (manifest.TokenNetwork is { Vocabulary: > 0 } one)
        {
            networks = networks.Prepend($"{one.Vocabulary} tokens, a window of {one.Window} of which {one.Overlap} go "
                + $"on, a context of {one.ContextTokens}");
        }

        string all = string.Join("; ", networks);
        return all.Length == 0 ? "none" : all;
    }

    private static string ContextMixing(SnapshotManifest manifest)
    {
        SnapshotFile? dictionary = manifest.Files.FirstOrDefault(f => f.Path == MixedSnapshot.DictionaryPath);
        long size = manifest.Files.FirstOrDefault(f => f.Path == MixedSnapshot.ContextMixingPath)?.Size ?? 0;
        return $"{size} bytes, {(dictionary is null ? "no dictionary" : $"a dictionary of {dictionary.Size} bytes")}";
    }
}
