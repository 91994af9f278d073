using System.Text.Json;
using Xunit;

namespace LinkCodec.Tests.Coding;

/// <summary>The vectors of protocol-spec/.</summary>
internal static class VectorFile
{
    /// <summary>The folder protocol-spec of the repository.</summary>
    public static string SpecFolder { get; } = Repository.PathOf("protocol-spec");

    /// <summary>Name and value of each vector of a list that is of one kind.</summary>
    public static IEnumerable<JsonElement> Read(string feature, string list, string kind)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(SpecFolder, "vectors", feature + ".json")));
        return [.. document.RootElement.GetProperty(list).EnumerateArray()
            .Where(v => v.GetProperty("kind").GetString() == kind).Select(v => v.Clone())];
    }

    /// <summary>The names, as cases of a theory.</summary>
    public static TheoryData<string> Names(string feature, string list, string kind)
    {
        var names = new TheoryData<string>();
        foreach (JsonElement vector in Read(feature, list, kind))
        {
            names.Add(vector.GetProperty("name").GetString()!);
        }

        return names;
    }

    /// <summary>The vector of that name.</summary>
    public static JsonElement Find(string feature, string list, string kind, string name) =>
        Read(feature, list, kind).Single(v => v.GetProperty("name").GetString() == name);

    /// <summary>A property of hex digits.</summary>
    public static byte[] Hex(this JsonElement vector, string property) =>
        Convert.FromHexString(vector.GetProperty(property).GetString()!);
}
