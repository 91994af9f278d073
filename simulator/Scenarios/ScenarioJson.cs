using System.Text;
using System.Text.Json;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>
/// Scenarios as JSON: {"name", "description", "forward": [rule...], "return": [rule...] or null}, a rule being {"rule":
/// NAME, numbers...}.
/// </summary>
internal static class ScenarioJson
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 8,
    };

    /// <exception cref="FormatException">The text is no scenario; the message is one clear line.</exception>
    public static Scenario Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Lenient);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("a scenario is a JSON object.");
            }

            JsonProperty? unknown = root.EnumerateObject().Cast<JsonProperty?>()
                .FirstOrDefault(p => p!.Value.Name is not ("name" or "description" or "forward" or "return"));
            return unknown is null
                ? new Scenario(
                    Text(root, "name"),
                    Text(root, "description"),
                    Rules(root, "forward") ?? throw new FormatException("a scenario needs 'forward', a list of rules."),
                    Rules(root, "return"))
                : throw new FormatException($"a scenario has no '{unknown.Value.Name}'.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public static string Write(Scenario scenario)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", scenario.Name);
            writer.WriteString("description", scenario.Description);
            Write(writer, "forward", scenario.Forward);
            Write(writer, "return", scenario.Return);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<RuleSpec>? rules)
    {
        if (rules is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (RuleSpec rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", rule.Kind.Name);
            foreach (RuleParameter parameter in rule.Kind.Parameters)
            {
                writer.WriteNumber(parameter.Name, rule[parameter.Name]);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static List<RuleSpec>? Rules(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"'{name}' is a list of rules.");
        }

        List<RuleSpec> rules = [.. list.EnumerateArray().Select(Rule)];
        Scenario.Check(rules);
        return rules;
    }

    private static RuleSpec Rule(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a rule is a JSON object.");
        }

        return new RuleSpec(
            Text(element, "rule"),
            element.EnumerateObject().Where(p => p.Name != "rule")
                .Select(p => (p.Name, p.Value.ValueKind == JsonValueKind.Number
                    ? p.Value.GetDouble()
                    : throw new FormatException($"'{p.Name}' is a number."))));
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"'{name}' is missing, or is no text.");
}
