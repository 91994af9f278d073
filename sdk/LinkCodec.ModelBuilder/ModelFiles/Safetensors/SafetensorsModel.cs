using System.Text.Json;
using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Safetensors;

/// <summary>A model in a folder: config.json, and safetensors in one file or in shards with an index.</summary>
internal sealed class SafetensorsModel : MappedWeights
{
    /// <summary>The file that makes a folder such a model.</summary>
    internal const string ConfigName = "config.json";

    private const string IndexName = "model.safetensors.index.json";
    private const string Extension = ".safetensors";
    private const int MaxIndexLength = 16 << 20;
    private const int MaxShards = 1024;

    private SafetensorsModel(ModelConfig config, IReadOnlyDictionary<string, WeightView> views,
        IReadOnlyList<MappedFile> files, string folder)
        : base(config, views, files) => Folder = folder;

    /// <summary>The folder in which the model lies, its tokenizer beside it.</summary>
    internal string Folder { get; }

    /// <summary>Opens a model.</summary>
    /// <exception cref="LinkException">There is none, or none that can be computed as it should be.</exception>
    internal static new SafetensorsModel Open(string folder)
    {
        ModelConfig config = ConfigReader.ReadFile(Path.Combine(folder, ConfigName));
        List<MappedFile> files = [];
        try
        {
            foreach (string name in FindFiles(folder))
            {
                files.Add(MappedFile.Open(Path.Combine(folder, name)));
            }

            return Open(folder, config, files);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Reads a model from mapped files, which the model owns unless this fails.</summary>
    internal static SafetensorsModel Open(string folder, ModelConfig config, IReadOnlyList<MappedFile> files)
    {
        SortedDictionary<string, TensorInfo> tensors = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in files.SelectMany(SafetensorsHeader.Read))
        {
            string name = WithoutModel(tensor.Name);
            ModelLimits.Require(tensor.File.Path, tensors.TryAdd(name, tensor with { Name = name }),
                $"two tensors are called '{ModelFileError.Shown(name)}'");
        }

        TensorNameMap names = config.IsLayerNorm ? TensorNameMap.Gpt2 : TensorNameMap.Llama;
        return new SafetensorsModel(config,
            new WeightMap(folder, names, tensors).Views(config, name => IsIdle(config, name)), files, folder);
    }

    /// <summary>The shards that an index names, in order.</summary>
    /// <exception cref="LinkException">A name is no plain name of a safetensors file, or there are too
    /// many.</exception>
    internal static IReadOnlyCollection<string> ReadIndex(string path, JsonElement root)
    {
        ModelLimits.Require(path, root.TryGetProperty("weight_map", out JsonElement map),
            "expected a member 'weight_map'");
        SortedSet<string> shards = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string shard = entry.Value.GetString() ?? "";
            ModelLimits.Require(path,
                shard.EndsWith(Extension, StringComparison.Ordinal) && !shard.AsSpan().ContainsAny("/\\:\0"),
                $"expected the name of a *{Extension} file beside the index, found '{ModelFileError.Shown(shard)}'");
            if (shards.Add(shard) && shards.Count > MaxShards)
            {
                throw ModelFileError.TooLarge(path, $"expected at most {MaxShards} shards");
            }
        }

        return shards;
    }

    private static IReadOnlyCollection<string> FindFiles(string folder)
    {
        string index = Path.Combine(folder, IndexName);
        if (File.Exists(index))
        {
            return JsonText.ReadFile(index, MaxIndexLength, root => ReadIndex(index, root));
        }

        return ModelFolder.Find(folder, "*" + Extension) switch
        {
            _ when File.Exists(Path.Combine(folder, "model" + Extension)) => ["model" + Extension],
            [string only] => [Path.GetFileName(only)],
            _ => throw ModelFileError.Refused(folder, $"expected model{Extension} or {IndexName} beside {ConfigName}"),
        };
    }

    private static string WithoutModel(string name) =>
        name.StartsWith("model.", StringComparison.Ordinal) ? name["model.".Length..]
        : name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..]
        : name;

    // Tables that follow from the config, and the copy of a tied embedding.
    private static bool IsIdle(ModelConfig config, string name) =>
        (config.IsTied && name == "lm_head.weight")
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || (config.IsLayerNorm && (name.EndsWith(".attn.bias", StringComparison.Ordinal)
            || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)));
}
