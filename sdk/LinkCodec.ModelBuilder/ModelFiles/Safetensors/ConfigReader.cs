using System.Text.Json;
using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Safetensors;

/// <summary>
/// Reads a config from config.json. A setting that would change the numbers and is not supported is refused, never
/// passed over.
/// </summary>
internal static class ConfigReader
{
    private const int MaxLength = 1 << 20;
    private const double DefaultRotaryBase = 10_000;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="LinkException">The file is missing, or describes no model that is supported.</exception>
    internal static ModelConfig ReadFile(string path) => JsonText.ReadFile(path, MaxLength, root => Read(path, root));

    /// <summary>Reads and checks a config.</summary>
    internal static ModelConfig Read(string path, JsonElement root)
    {
        ConfigObject config = new(path, root);
        string family = config.Text("model_type") ?? throw ModelFileError.Refused(path, "'model_type' is missing");
        ModelLimits.Require(path, family is "llama" or "mistral" or "qwen2" or "qwen3" or "gpt2", "expected a model "
            + $"of the type llama, mistral, qwen2, qwen3 or gpt2, found '{ModelFileError.Shown(family)}'");
        ModelLimits.Require(path, !config.Has("quantization_config"),
            "weights that are quantised in safetensors are not supported");
        ModelConfig model = family == "gpt2" ? ReadGpt2(config) : ReadLlama(config, family);
        ModelLimits.Check(path, model);
        return model;
    }

    private static ModelConfig ReadLlama(ConfigObject config, string family)
    {
        int width = config.Count("hidden_size");
        int heads = config.Count("num_attention_heads");
        ModelLimits.Require(config.Path, heads > 0, $"'num_attention_heads': expected one or more, found {heads}");
        string activation = config.Text("hidden_act") ?? "silu";
        ModelLimits.Require(config.Path, activation is "silu" or "swish",
            $"the activation '{ModelFileError.Shown(activation)}' is not supported in a {family} model");
        ModelLimits.Require(config.Path, (config.Number("partial_rotary_factor") ?? 1) is 1,
            "rotary embeddings of a part of each head are not supported");
        ModelLimits.Require(config.Path, !(config.Flag("rope_interleaved") ?? false),
            "rotary embeddings of neighbouring pairs are not supported in safetensors");
        if (family is "mistral" || (config.Flag("use_sliding_window") ?? false))
        {
            ModelLimits.CheckWindow(config.Path, config.Integer("sliding_window") ?? 0);
        }

        return new ModelConfig
        {
            Family = family,
            Width = width,
            Layers = config.Count("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = config.Count("num_key_value_heads", heads),
            HeadWidth = config.Count("head_dim", width / heads),
            FeedForwardWidth = config.Count("intermediate_size"),
            Vocabulary = config.Count("vocab_size"),
            Context = config.Count("max_position_embeddings"),
            RotaryBase = ReadRotaryBase(config),
            IsRotaryInterleaved = false,
            Epsilon = config.Number("rms_norm_eps")
                ?? throw ModelFileError.Refused(config.Path, "'rms_norm_eps' is missing"),
            IsTied = config.Flag("tie_word_embeddings") ?? false,
            IsLayerNorm = false,
            IsGated = true,
            HasQueryKeyNorm = family == "qwen3",
            HasAttentionBias = family == "qwen2" || (config.Flag("attention_bias") ?? false),
            Activation = Activation.Silu,
        };
    }

    private static ModelConfig ReadGpt2(ConfigObject config)
    {
        int width = config.Count("n_embd");
        int heads = config.Count("n_head");
        ModelLimits.Require(config.Path, heads > 0 && width % heads == 0,
            $"{width} numbers cannot be shared by {heads} heads");
        ModelLimits.Require(config.Path, config.Flag("scale_attn_weights") ?? true,
            "attention without scale is not supported");
        ModelLimits.Require(config.Path, !(config.Flag("scale_attn_by_inverse_layer_idx") ?? false),
            "attention that is scaled by the layer is not supported");
        ModelLimits.Require(config.Path, !(config.Flag("add_cross_attention") ?? false),
            "cross attention is not supported");
        string activation = config.Text("activation_function") ?? "gelu_new";
        return new ModelConfig
        {
            Family = "gpt2",
            Width = width,
            Layers = config.Count("n_layer"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadWidth = width / heads,
            FeedForwardWidth = ModelLimits.Count(config.Path, "n_inner", config.Integer("n_inner") ?? 4L * width),
            Vocabulary = config.Count("vocab_size"),
            Context = config.Count("n_positions"),
            RotaryBase = 0,
            IsRotaryInterleaved = false,
            Epsilon = config.Number("layer_norm_epsilon")
                ?? throw ModelFileError.Refused(config.Path, "'layer_norm_epsilon' is missing"),
            IsTied = config.Flag("tie_word_embeddings") ?? true,
            IsLayerNorm = true,
            IsGated = false,
            HasQueryKeyNorm = false,
            HasAttentionBias = true,
            Activation = activation switch
            {
                "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
                "gelu" => Activation.Gelu,
                _ => throw ModelFileError.Refused(config.Path,
                    $"the activation '{ModelFileError.Shown(activation)}' is not supported in a gpt2 model"),
            },
        };
    }

    // Newer files have one object for all that concerns rotary embeddings; older ones the base, and an object only
    // where frequencies are scaled.
    private static double ReadRotaryBase(ConfigObject config)
    {
        double rotaryBase = config.Number("rope_theta") ?? DefaultRotaryBase;
        foreach (string name in new[] { "rope_scaling", "rope_parameters" })
        {
            if (config.Object(name) is not { } rotary)
            {
                continue;
            }

            string type = rotary.Text("rope_type") ?? rotary.Text("type") ?? "default";
            ModelLimits.Require(config.Path, type is "default",
                $"rotary scaling '{ModelFileError.Shown(type)}' is not supported");
            ModelLimits.Require(config.Path, (rotary.Number("partial_rotary_factor") ?? 1) is 1,
                "rotary embeddings of a part of each head are not supported");
            rotaryBase = rotary.Number("rope_theta") ?? rotaryBase;
        }

        return rotaryBase;
    }
}
