using System.Globalization;
using System.Text.Json;
using LinkCodec.Tests.Language.Store;
using LinkCodec.Tests.ModelBuilder.ModelFiles.Gguf;
using LinkCodec.Tests.ModelBuilder.ModelFiles.Safetensors;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>Writes a <see cref="TinyModel"/> as the files that models come in.</summary>
internal static class TinyModelFiles
{
    private static readonly Dictionary<string, string> GgufNames = new()
    {
        ["token_embedding"] = "token_embd.weight",
        ["position_embedding"] = "position_embd.weight",
        ["output"] = "output.weight",
        ["output_norm"] = "output_norm.weight",
        ["attention_norm"] = "attn_norm.weight",
        ["qkv"] = "attn_qkv.weight",
        ["q"] = "attn_q.weight",
        ["k"] = "attn_k.weight",
        ["v"] = "attn_v.weight",
        ["o"] = "attn_output.weight",
        ["q_norm"] = "attn_q_norm.weight",
        ["k_norm"] = "attn_k_norm.weight",
        ["ffn_norm"] = "ffn_norm.weight",
        ["gate"] = "ffn_gate.weight",
        ["up"] = "ffn_up.weight",
        ["down"] = "ffn_down.weight",
    };

    private static readonly Dictionary<string, string> LlamaNames = new()
    {
        ["token_embedding"] = "model.embed_tokens.weight",
        ["output"] = "lm_head.weight",
        ["output_norm"] = "model.norm.weight",
        ["attention_norm"] = "input_layernorm.weight",
        ["q"] = "self_attn.q_proj.weight",
        ["k"] = "self_attn.k_proj.weight",
        ["v"] = "self_attn.v_proj.weight",
        ["o"] = "self_attn.o_proj.weight",
        ["q_norm"] = "self_attn.q_norm.weight",
        ["k_norm"] = "self_attn.k_norm.weight",
        ["ffn_norm"] = "post_attention_layernorm.weight",
        ["gate"] = "mlp.gate_proj.weight",
        ["up"] = "mlp.up_proj.weight",
        ["down"] = "mlp.down_proj.weight",
    };

    private static readonly Dictionary<string, string> Gpt2Names = new()
    {
        ["token_embedding"] = "transformer.wte.weight",
        ["position_embedding"] = "transformer.wpe.weight",
        ["output"] = "lm_head.weight",
        ["output_norm"] = "transformer.ln_f.weight",
        ["attention_norm"] = "ln_1.weight",
        ["qkv"] = "attn.c_attn.weight",
        ["o"] = "attn.c_proj.weight",
        ["ffn_norm"] = "ln_2.weight",
        ["up"] = "mlp.c_fc.weight",
        ["down"] = "mlp.c_proj.weight",
    };

    /// <summary>
    /// A GGUF file of the model; vectors are F32. What a test adds can also take the place of what the model says.
    /// </summary>
    internal static byte[] Gguf(TinyModel model, string type = "F32", IReadOnlyDictionary<string, object>? added = null,
        Action<GgufFileWriter>? change = null)
    {
        GgufFileWriter writer = new();
        string family = model.Family == "mistral" ? "llama" : model.Family;
        Dictionary<string, object> metadata = new()
        {
            ["general.architecture"] = family,
            [$"{family}.block_count"] = (uint)model.Layers,
            [$"{family}.context_length"] = (uint)model.Context,
            [$"{family}.embedding_length"] = (uint)model.Width,
            [$"{family}.feed_forward_length"] = (uint)model.FeedForwardWidth,
            [$"{family}.attention.head_count"] = (uint)model.Heads,
        };
        metadata[$"{family}.attention.layer_norm_{(model.IsGpt2 ? "" : "rms_")}epsilon"] = model.Epsilon;
        if (!model.IsGpt2)
        {
            metadata[$"{family}.attention.head_count_kv"] = (uint)model.KeyValueHeads;
            metadata[$"{family}.attention.key_length"] = (uint)model.HeadWidth;
            metadata[$"{family}.attention.value_length"] = (uint)model.HeadWidth;
            metadata[$"{family}.rope.freq_base"] = TinyModel.RotaryBase;
        }

        foreach ((string key, object value) in added ?? new Dictionary<string, object>())
        {
            metadata[key] = value;
        }

        foreach ((string key, object value) in metadata)
        {
            writer.Set(key, value);
        }

        foreach ((string name, TinyTensor tensor) in Fused(model))
        {
            bool isTransposed = family == "llama" && Part(name).Split('.')[0] is "q" or "k";
            TinyTensor stored = isTransposed ? tensor.ToPairs(model.HeadWidth) : tensor;
            string numbers = tensor.Rows == 1 ? "F32" : type;
            uint code = numbers switch { "F32" => GgufFileWriter.Float32, "F16" => GgufFileWriter.Float16, _ =>
                GgufFileWriter.BFloat16 };
            ulong[] dimensions = tensor.Rows == 1
                ? [(ulong)tensor.Columns]
                : [(ulong)tensor.Columns, (ulong)tensor.Rows];
            writer.Tensor(NameOf(name, GgufNames, "blk."), code, stored.Bytes(numbers), dimensions);
        }

        change?.Invoke(writer);
        return writer.ToArray();
    }

    /// <summary>
    /// Writes config.json and the weights into a folder: model.safetensors, or so many shards and their index.
    /// </summary>
    internal static void WriteSafetensors(TinyModel model, string folder, string type = "F32", int shards = 1,
        IReadOnlyDictionary<string, object?>? config = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config(model, config));
        SafetensorsFileWriter[] files = [.. Enumerable.Range(0, shards).Select(_ => new SafetensorsFileWriter())];
        Dictionary<string, string> map = [];
        int number = 0;
        foreach ((string name, byte[] bytes, int[] shape) in Stored(model, type))
        {
            int shard = number++ % shards;
            files[shard].Tensor(name, type, bytes, shape);
            map[name] = ShardName(shard, shards);
        }

        for (int shard = 0; shard < shards; shard++)
        {
            File.WriteAllBytes(Path.Combine(folder, ShardName(shard, shards)), files[shard].ToArray());
        }

        if (shards > 1)
        {
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"),
                JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = map }));
        }
    }

    /// <summary>The text of config.json; what a test adds goes before what the model says.</summary>
    internal static string Config(TinyModel model, IReadOnlyDictionary<string, object?>? added = null)
    {
        Dictionary<string, object?> config = model.IsGpt2
            ? new()
            {
                ["n_embd"] = model.Width, ["n_layer"] = model.Layers,
                ["n_head"] = model.Heads, ["n_positions"] = model.Context,
                ["n_inner"] = model.FeedForwardWidth,
                ["layer_norm_epsilon"] = model.Epsilon, ["activation_function"] = "gelu_new",
            }
            : new()
            {
                ["hidden_size"] = model.Width, ["num_hidden_layers"] = model.Layers,
                ["num_attention_heads"] = model.Heads, ["num_key_value_heads"] = model.KeyValueHeads,
                ["head_dim"] = model.HeadWidth, ["intermediate_size"] = model.FeedForwardWidth,
                ["max_position_embeddings"] = model.Context, ["rms_norm_eps"] = model.Epsilon,
                ["rope_theta"] = TinyModel.RotaryBase, ["hidden_act"] = "silu", ["rope_scaling"] = null,
            };
        config["model_type"] = model.Family;
        config["vocab_size"] = model.Vocabulary;
        config["tie_word_embeddings"] = model.IsTied;
        foreach ((string key, object? value) in added ?? new Dictionary<string, object?>())
        {
            config[key] = value;
        }

        return JsonSerializer.Serialize(config);
    }

    /// <summary>The tensors of a safetensors file: names, bytes and shapes as the families store them.</summary>
    internal static IEnumerable<(string Name, byte[] Bytes, int[] Shape)> Stored(TinyModel model, string type)
    {
        foreach ((string name, TinyTensor tensor) in Fused(model))
        {
            bool isTransposed = model.IsGpt2 && tensor.Rows > 1 && name.Contains('.', StringComparison.Ordinal);
            TinyTensor stored = isTransposed ? tensor.Transposed() : tensor;
            string full = NameOf(name, model.IsGpt2 ? Gpt2Names : LlamaNames,
                model.IsGpt2 ? "transformer.h." : "model.layers.");
            yield return (full, stored.Bytes(type),
                tensor.Rows == 1 ? [stored.Columns] : [stored.Rows, stored.Columns]);
        }
    }

    // GPT-2 has one matrix for query, key and value in both kinds of file.
    private static SortedDictionary<string, TinyTensor> Fused(TinyModel model)
    {
        SortedDictionary<string, TinyTensor> weights = model.Weights();
        for (int layer = 0; model.IsGpt2 && layer < model.Layers; layer++)
        {
            foreach (string end in new[] { "", ".bias" })
            {
                string[] parts = [$"{layer}.q{end}", $"{layer}.k{end}", $"{layer}.v{end}"];
                weights[$"{layer}.qkv{end}"] = TinyTensor.Join([.. parts.Select(part => weights[part])]);
                Array.ForEach(parts, part => weights.Remove(part));
            }
        }

        return weights;
    }

    private static string NameOf(string name, Dictionary<string, string> names, string layers)
    {
        bool isBias = name.EndsWith(".bias", StringComparison.Ordinal);
        string part = Part(name);
        string stored = names[isBias ? part[..^5] : part];
        stored = isBias ? stored[..^6] + "bias" : stored;
        return part == name ? stored : string.Create(CultureInfo.InvariantCulture,
            $"{layers}{name[..(name.Length - part.Length)]}{stored}");
    }

    private static string Part(string name) =>
        char.IsDigit(name[0]) ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] : name;

    private static string ShardName(int shard, int shards) =>
        shards == 1 ? "model.safetensors" : string.Create(CultureInfo.InvariantCulture,
            $"model-{shard + 1:D5}-of-{shards:D5}.safetensors");
}
