using System.Text.Json;

namespace LinkCodec.Tests.Security;

/// <summary>Reads protocol-spec/vectors.</summary>
internal static class VectorFile
{
    internal static JsonElement Read(string feature)
    {
        using JsonDocument document = JsonDocument.Parse(Repository.Read($"protocol-spec/vectors/{feature}.json"));
        return document.RootElement.Clone();
    }

    internal static byte[] Hex(this JsonElement entry, string name) =>
        Convert.FromHexString(entry.GetProperty(name).GetString()!);

    internal static byte[]? HexOrNull(this JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) ? Convert.FromHexString(value.GetString()!) : null;

    internal static string Text(this JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
