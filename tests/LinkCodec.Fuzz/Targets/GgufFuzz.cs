using System.IO.MemoryMappedFiles;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// A GGUF file. What is taken is read: every value of the metadata, the tokenizer in it, every tensor, and every number
/// of the model.
/// </summary>
internal static class GgufFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return; // no file of no bytes is ever mapped
        }

        try
        {
            using (GgufFile file = new(Map(data)))
            {
                Refuse(() => _ = file.Metadata.Keys.Count(key => file.Metadata.Text(key) is null));
                Refuse(() => _ = file.Metadata.Keys.Count(key => file.Metadata.Number(key) is null));
                Refuse(() => _ = file.Metadata.Keys.Count(key => file.Metadata.Texts(key) is null));
                Refuse(() => _ = file.Metadata.Keys.Count(key => file.Metadata.Numbers(key) is null));
                TokenTable? tokens = null;
                Refuse(() => tokens = ModelTokenizer.FromGguf(file.Metadata, "input").ToTable());
                if (tokens is not null)
                {
                    TokenFileFuzz.RoundTrip(TokenizerFile.Read(TokenizerFile.Write(tokens), "input"), data);
                }

                foreach (TensorInfo tensor in file.Tensors.Values)
                {
                    tensor.Format!.Read(file.File.Slice(tensor.Offset, (int)tensor.Length),
                        new float[TensorInfo.CountOf(tensor.Shape)!.Value]);
                }
            }

            using GgufModel model = GgufModel.Open(Map(data));
            WeightReading.ReadAll(model);
        }
        catch (LinkException e) when (!e.Message.Contains('\n', StringComparison.Ordinal))
        {
            // Refused, in one line.
        }
    }

    /// <summary>The input as a mapped file.</summary>
    internal static MappedFile Map(ReadOnlySpan<byte> data)
    {
        MemoryMappedFile map = MemoryMappedFile.CreateNew(null, data.Length);
        using (MemoryMappedViewAccessor view = map.CreateViewAccessor())
        {
            view.WriteArray(0, data.ToArray(), 0, data.Length);
        }

        return new MappedFile("input", map, data.Length);
    }

    private static void Refuse(Action action)
    {
        try
        {
            action();
        }
        catch (LinkException)
        {
            // Of another type than asked for.
        }
    }
}
