using System.Text.Json;
using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Safetensors;

/// <summary>JSON that anybody may have written: one object, no name twice, little depth.</summary>
internal static class JsonText
{
    private const int MaxDepth = 32;

    /// <summary>Parses a text and reads what it holds.</summary>
    /// <param name="path">The file's name in messages.</param>
    /// <param name="json">UTF-8.</param>
    /// <param name="read">Takes the object; valid during the call.</param>
    /// <exception cref="LinkException">The text is no such JSON, or the reader met something of another kind than it
    /// asked for.</exception>
    internal static T Read<T>(string path, ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json,
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            ModelLimits.Require(path, document.RootElement.ValueKind == JsonValueKind.Object, "expected a JSON object");
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw ModelFileError.Refused(path,
                $"not JSON as expected: line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0}", e);
        }
        catch (InvalidOperationException e)
        {
            // A text that is no UTF-8, or a value of another kind.
            throw ModelFileError.Refused(path, "JSON with a value of another kind than expected", e);
        }
    }

    /// <summary>Reads a file of at most so many bytes and parses it.</summary>
    /// <exception cref="LinkException">The file is missing, too long, or no such JSON.</exception>
    internal static T ReadFile<T>(string path, int most, Func<JsonElement, T> read)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Length > most
            ? throw ModelFileError.TooLarge(path, $"expected at most {most} bytes, found {file.Length}")
            : Read(path, file.Slice(0, (int)file.Length).ToArray(), read);
    }
}
