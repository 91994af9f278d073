using System.Text;
using LinkCodec.ModelBuilder.Tokenizers;

namespace LinkCodec.Tests.ModelBuilder.Tokenizers;

/// <summary>The tokenizer's fields of a trusted GGUF file, and nothing else of it.</summary>
internal static class GgufVocabulary
{
    internal static VocabularyData Read(string path)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        reader.ReadBytes(16); // Magic, version, tensors.
        ulong count = reader.ReadUInt64();
        Dictionary<string, object> fields = [];
        for (ulong i = 0; i < count; i++)
        {
            string key = Text(reader);
            fields[key] = Value(reader, reader.ReadUInt32());
        }

        T[] List<T>(string key) =>
            fields.TryGetValue("tokenizer.ggml." + key, out object? list) ? [.. ((object[])list).Cast<T>()] : [];
        return VocabularyData.FromGguf(
            Path.GetFileName(path),
            (string)fields["tokenizer.ggml.model"],
            (string)fields["tokenizer.ggml.pre"],
            List<string>("tokens"),
            List<string>("merges"),
            List<float>("scores"),
            List<int>("token_type"),
            (int)(uint)fields["tokenizer.ggml.bos_token_id"]);
    }

    private static string Text(BinaryReader reader) =>
        Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 4:
                return reader.ReadUInt32();
            case 5:
                return reader.ReadInt32();
            case 6:
                return reader.ReadSingle();
            case 7:
                return reader.ReadBoolean();
            case 8:
                return Text(reader);
            case 9:
                uint element = reader.ReadUInt32();
                object[] items = new object[reader.ReadUInt64()];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = Value(reader, element);
                }

                return items;
            default:
                throw new InvalidDataException($"type {type}");
        }
    }
}
