using LinkCodec.Core.Primitives;

namespace LinkCodec.ModelBuilder.ModelFiles.Gguf;

/// <summary>
/// Reads a config from a GGUF file's metadata. A setting that would change the numbers and is not supported is refused,
/// never passed over.
/// </summary>
internal static class GgufConfigReader
{
    private const double DefaultRotaryBase = 10_000;

    /// <summary>Reads the config; its numbers are not checked yet.</summary>
    /// <exception cref="LinkException">A value is missing, or the model needs what is not supported.</exception>
    internal static ModelConfig Read(GgufFile file)
    {
        string path = file.File.Path;
        string family = file.Metadata.Text("general.architecture")
            ?? throw ModelFileError.Refused(path, "metadata 'general.architecture' is missing");
        ModelLimits.Require(path, family is "llama" or "qwen2" or "qwen3" or "gpt2", "expected a model of the "
            + $"architecture llama, qwen2, qwen3 or gpt2, found '{ModelFileError.Shown(family)}'");
        Values values = new(file.Metadata, path, family);
        Refuse(file, values, path);
        bool isGpt2 = family == "gpt2";
        int width = values.Count("embedding_length");
        int heads = values.Count("attention.head_count");
        ModelLimits.Require(path, heads > 0,
            $"metadata '{family}.attention.head_count': expected one or more, found {heads}");
        int headWidth = values.Count("attention.key_length", width / heads);
        ModelLimits.Require(path, values.Count("attention.value_length", headWidth) == headWidth,
            "heads whose keys and values differ in width are not supported");
        ModelLimits.Require(path, isGpt2 || values.Count("rope.dimension_count", headWidth) == headWidth,
            "rotary embeddings of a part of each head are not supported");
        TensorInfo embedding = file.Tensors.GetValueOrDefault("token_embd.weight")
            ?? throw ModelFileError.Refused(path, "tensor 'token_embd.weight' is missing");
        return new ModelConfig
        {
            Family = family,
            Width = width,
            Layers = values.Count("block_count"),
            Heads = heads,
            KeyValueHeads = values.Count("attention.head_count_kv", heads),
            HeadWidth = headWidth,
            FeedForwardWidth = values.Count("feed_forward_length"),
            Vocabulary = embedding.Shape[0],
            Context = values.Count("context_length"),
            RotaryBase = isGpt2 ? 0 : values.Number("rope.freq_base") ?? DefaultRotaryBase,
            IsRotaryInterleaved = family == "llama",
            Epsilon = values.Number(isGpt2 ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon")
                ?? throw ModelFileError.Refused(path,
                    $"metadata '{family}.attention.layer_norm_{(isGpt2 ? "" : "rms_")}epsilon' is missing"),
            IsTied = !file.Tensors.ContainsKey("output.weight"),
            IsLayerNorm = isGpt2,
            IsGated = !isGpt2,
            HasQueryKeyNorm = family == "qwen3",
            HasAttentionBias = family is "gpt2" or "qwen2" || file.Tensors.ContainsKey("blk.0.attn_q.bias")
                || file.Tensors.ContainsKey("blk.0.attn_qkv.bias"),
            Activation = isGpt2 ? Activation.GeluTanh : Activation.Silu,
        };
    }

    private static void Refuse(GgufFile file, Values values, string path)
    {
        long parts = file.Metadata.Integer("split.count") ?? 0;
        ModelLimits.Require(path, parts <= 1, $"the file is one of {parts} parts: join them first");
        ModelLimits.Require(path, (values.Integer("expert_count") ?? 0) == 0, "models with experts are not supported");
        ModelLimits.Require(path, !file.Tensors.ContainsKey("rope_freqs.weight"),
            "scaled rotary frequencies (rope_freqs) are not supported");
        string scaling = values.Text("rope.scaling.type") ?? "none";
        ModelLimits.Require(path,
            scaling is "none" || (scaling is "linear" && values.Number("rope.scaling.factor") is 1),
            $"rotary scaling '{ModelFileError.Shown(scaling)}' is not supported");
        ModelLimits.Require(path, (values.Number("rope.scale_linear") ?? 1) is 1, "rotary scaling is not supported");
        ModelLimits.CheckWindow(path, values.Integer("attention.sliding_window") ?? 0);
        foreach (string key in new[] { "logit_scale", "embedding_scale", "residual_scale", "attention.scale",
            "attention.clamp_kqv", "attn_logit_softcapping", "final_logit_softcapping" })
        {
            ModelLimits.Require(path, !values.Has(key), $"metadata '{key}' is not supported");
        }

        ModelLimits.Require(path, values.Flag("attention.causal") ?? true,
            "models whose attention looks ahead are not supported");
    }

    // The values of the family, whose name is the first part of their keys.
    private sealed class Values(GgufMetadata metadata, string path, string family)
    {
        internal bool Has(string key) => metadata.Has(Full(key));

        internal string? Text(string key) => metadata.Text(Full(key));

        internal bool? Flag(string key) => metadata.Flag(Full(key));

        internal long? Integer(string key) => metadata.Integer(Full(key));

        internal double? Number(string key) => metadata.Number(Full(key));

        internal int Count(string key, int? otherwise = null) =>
            Integer(key) is { } number ? ModelLimits.Count(path, Full(key), number)
            : otherwise ?? throw ModelFileError.Refused(path, $"metadata '{Full(key)}' is missing");

        private string Full(string key) => $"{family}.{key}";
    }
}
