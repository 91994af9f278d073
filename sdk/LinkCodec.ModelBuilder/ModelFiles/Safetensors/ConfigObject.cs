using System.Text.Json;

namespace LinkCodec.ModelBuilder.ModelFiles.Safetensors;

/// <summary>
/// Members of a JSON object; one that is absent or null has no value, one of another kind is an error.
/// </summary>
internal sealed class ConfigObject(string path, JsonElement element)
{
    /// <summary>The file's name in messages.</summary>
    internal string Path => path;

    internal bool Has(string name) => Find(name) is not null;

    internal string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unexpected(name, "a text", value);

    internal bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Unexpected(name, "true or false", value);

    internal double? Number(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number
        : throw Unexpected(name, "a number", value);

    internal long? Integer(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw Unexpected(name, "a whole number", value);

    internal ConfigObject? Object(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Object ? new ConfigObject(path, value)
            : throw Unexpected(name, "an object", value);

    /// <summary>A count; one that is absent is an error unless there is another.</summary>
    internal int Count(string name, int? otherwise = null) =>
        Integer(name) is { } number ? ModelLimits.Count(path, name, number) : otherwise
            ?? throw ModelFileError.Refused(path, $"'{name}' is missing");

    private JsonElement? Find(string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private Core.Primitives.LinkException Unexpected(string name, string expected, JsonElement found) =>
        ModelFileError.Refused(path,
            $"'{name}': expected {expected}, found {ModelFileError.Shown(found.GetRawText())}");
}
