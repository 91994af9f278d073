using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles.Safetensors;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles;

/// <summary>A model that we would compute wrongly is refused, with what is not supported.</summary>
public sealed class UnsupportedModelTests
{
    [Theory]
    [InlineData("general.architecture", "gemma", "'gemma'")]
    [InlineData("llama.expert_count", 8, "experts")]
    [InlineData("llama.rope.scaling.type", "yarn", "'yarn'")]
    [InlineData("llama.rope.scaling.type", "linear", "'linear'")]
    [InlineData("llama.rope.scale_linear", 2f, "rotary scaling")]
    [InlineData("llama.rope.dimension_count", 4, "part of each head")]
    [InlineData("llama.attention.value_length", 4, "differ in width")]
    [InlineData("llama.attention.sliding_window", 1024, "1024 positions alone")]
    [InlineData("llama.attention.causal", false, "looks ahead")]
    [InlineData("llama.logit_scale", 2f, "'logit_scale'")]
    [InlineData("llama.block_count", "two", "a whole number")]
    [InlineData("llama.block_count", 0, "number of layers")]
    [InlineData("llama.block_count", 1, "'blk.1.")]
    [InlineData("llama.block_count", 3, "'blk.2.attn_norm.weight' is missing")]
    [InlineData("llama.block_count", 2000, "number of layers")]
    [InlineData("llama.attention.head_count", 0, "one or more")]
    [InlineData("llama.attention.head_count", -4, "found -4")]
    [InlineData("llama.attention.head_count_kv", 3, "cannot share")]
    [InlineData("llama.attention.key_length", 7, "differ in width")]
    [InlineData("llama.embedding_length", 31, "expected 96 x 31 numbers, found 96 x 32")]
    [InlineData("llama.feed_forward_length", 63, "expected 63 x 32 numbers, found 64 x 32")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", float.NaN, "epsilon")]
    [InlineData("llama.rope.freq_base", float.PositiveInfinity, "rotary base")]
    [InlineData("split.count", 2, "one of 2 parts")]
    public void A_gguf_model_is_refused_for_a_value(string key, object value, string why) =>
        Refused(why, () => MappedBytes.Gguf(
            TinyModelFiles.Gguf(new TinyModel("llama"), added: new Dictionary<string, object> { [key] = value })));

    [Theory]
    [InlineData("rope_freqs.weight", "rope_freqs")]
    [InlineData("blk.0.attn_sub_norm.weight", "'blk.0.attn_sub_norm.weight' has no place")]
    [InlineData("blk.2.attn_norm.weight", "has no place")]
    public void A_gguf_model_is_refused_for_a_tensor_whose_use_is_not_known(string name, string why) =>
        Refused(why, () => MappedBytes.Gguf(
            TinyModelFiles.Gguf(new TinyModel("llama"), change: writer => writer.Tensor(name, 0, new byte[4], 1))));

    [Theory]
    [InlineData("llama.attention.sliding_window", 4096)]
    [InlineData("llama.expert_count", 0)]
    [InlineData("llama.rope.scaling.type", "none")]
    [InlineData("llama.rope.dimension_count", 8)]
    public void A_value_that_changes_nothing_is_taken(string key, object value) =>
        MappedBytes.Gguf(TinyModelFiles.Gguf(new TinyModel("llama"),
            added: new Dictionary<string, object> { [key] = value })).Dispose();

    [Theory]
    [InlineData("model_type", "\"gemma2\"", "'gemma2'")]
    [InlineData("model_type", "7", "expected a text")]
    [InlineData("hidden_act", "\"relu\"", "'relu'")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":8}""", "'llama3'")]
    [InlineData("rope_scaling", """{"type":"linear","factor":2}""", "'linear'")]
    [InlineData("rope_parameters", """{"rope_type":"yarn","rope_theta":10000}""", "'yarn'")]
    [InlineData("rope_parameters", """{"partial_rotary_factor":0.5}""", "part of each head")]
    [InlineData("rope_scaling", "[]", "an object")]
    [InlineData("partial_rotary_factor", "0.25", "part of each head")]
    [InlineData("rope_interleaved", "true", "neighbouring pairs")]
    [InlineData("sliding_window", "512", "512 positions alone")]
    [InlineData("quantization_config", """{"bits":4}""", "quantised")]
    [InlineData("num_hidden_layers", "1e9", "whole number")]
    [InlineData("num_hidden_layers", "99999999999", "num_hidden_layers")]
    [InlineData("num_attention_heads", "0", "one or more")]
    [InlineData("hidden_size", "-1", "found -1")]
    [InlineData("head_dim", "7", "even")]
    [InlineData("vocab_size", "null", "'vocab_size' is missing")]
    [InlineData("rms_norm_eps", "1e999", "epsilon")]
    public void A_config_is_refused_for_a_member(string name, string json, string why)
    {
        string config = TinyModelFiles.Config(new TinyModel("mistral"),
            new Dictionary<string, object?> { [name] = System.Text.Json.Nodes.JsonNode.Parse(json) });
        Refused(why, () => Read(config));
    }

    [Theory]
    [InlineData("scale_attn_weights", false, "without scale")]
    [InlineData("scale_attn_by_inverse_layer_idx", true, "by the layer")]
    [InlineData("add_cross_attention", true, "cross attention")]
    [InlineData("activation_function", "relu", "'relu'")]
    [InlineData("n_head", 5, "cannot be shared")]
    [InlineData("n_embd", int.MaxValue - 3, "the width")]
    public void A_GPT_2_config_is_refused_for_a_member(string name, object value, string why) =>
        Refused(why, () =>
            Read(TinyModelFiles.Config(new TinyModel("gpt2"), new Dictionary<string, object?> { [name] = value })));

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "a JSON object")]
    [InlineData("{\"model_type\":\"llama\",\"model_type\":\"gpt2\"}", "JSON")]
    [InlineData("{\"model_type\":\"\\ud800\"}", "another kind")]
    [InlineData("{}", "'model_type' is missing")]
    public void A_config_that_is_none_is_refused(string json, string why) => Refused(why, () => Read(json));

    [Fact]
    public void A_config_of_many_levels_is_refused() =>
        Refused("JSON", () => Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));

    private static object Read(string config) => JsonText.Read("config.json",
        System.Text.Encoding.UTF8.GetBytes(config), root => ConfigReader.Read("config.json", root));

    private static void Refused(string why, Func<object> open)
    {
        LinkException refused = Assert.Throws<LinkException>(open);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
