using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>A model in a GGUF file.</summary>
internal sealed class GgufModel : MappedWeights
{
    private GgufModel(ModelConfig config, IReadOnlyDictionary<string, WeightView> views, GgufFile file)
        : base(config, views, [file.File]) => Metadata = file.Metadata;

    /// <summary>The file's other metadata, such as its tokenizer; readable until the model is closed.</summary>
    internal GgufMetadata Metadata { get; }

    /// <summary>Opens a model.</summary>
    /// <exception cref="LinkException">There is no file, or none with a model that can be computed as it should
    /// be.</exception>
    internal static new GgufModel Open(string path) => Open(MappedFile.Open(path));

    /// <summary>Reads a model from a mapped file, which the model owns; where this fails the file is closed.</summary>
    internal static GgufModel Open(MappedFile mapped)
    {
        GgufFile file = new(mapped);
        try
        {
            ModelConfig config = GgufConfigReader.Read(file);
            ModelLimits.Check(mapped.Path, config);
            return new GgufModel(config,
                new WeightMap(mapped.Path, TensorNameMap.Gguf, file.Tensors).Views(config, _ => false), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
