using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Safetensors;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// A folder: two bytes of the length of config.json, little-endian, then it, then a safetensors file. What is taken is
/// read.
/// </summary>
internal static class SafetensorsFuzz
{
    private const int LengthLength = 2;

    public static void Run(ReadOnlySpan<byte> data)
    {
        if (data.Length < LengthLength)
        {
            return;
        }

        int length = Math.Min(data[0] | (data[1] << 8), data.Length - LengthLength);
        byte[] config = data.Slice(LengthLength, length).ToArray();
        ReadOnlySpan<byte> weights = data[(LengthLength + length)..];
        try
        {
            // A file with an index in place of the config is read as one, too.
            _ = Try(() => JsonText.Read("index", config, root => SafetensorsModel.ReadIndex("index", root)));
            if (weights.IsEmpty)
            {
                return;
            }

            using MappedFile file = GgufFuzz.Map(weights);
            _ = SafetensorsHeader.Read(file);
            ModelConfig read = JsonText.Read("config.json", config, root => ConfigReader.Read("config.json", root));
            using SafetensorsModel model = SafetensorsModel.Open("folder", read, [file]);
            WeightReading.ReadAll(model);
        }
        catch (LinkException e) when (!e.Message.Contains('\n', StringComparison.Ordinal))
        {
            // Refused, in one line.
        }
    }

    private static object? Try(Func<object> action)
    {
        try
        {
            return action();
        }
        catch (LinkException)
        {
            return null;
        }
    }
}
