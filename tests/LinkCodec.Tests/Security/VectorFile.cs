using System.Text.Json;
using Xunit;

namespace LinkCodec.Tests.Security;

/// <summary>Reads protocol-spec/vectors.</summary>
internal static class VectorFile
{
    internal static JsonElement Read(string feature)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LinkCodec.sln")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "protocol-spec", "vectors", feature + ".json")));
        return document.RootElement.Clone();
    }

    internal static byte[] Hex(this JsonElement entry, string name) => Convert.FromHexString(entry.GetProperty(name).GetString()!);

    internal static byte[]? HexOrNull(this JsonElement entry, string name) => entry.TryGetProperty(name, out JsonElement value) ? Convert.FromHexString(value.GetString()!) : null;

    internal static string Text(this JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
