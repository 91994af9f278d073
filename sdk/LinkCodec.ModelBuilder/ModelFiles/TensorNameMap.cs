using System.Globalization;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>The names that a kind of file has for the weights, and the way it stores the matrices of layers.</summary>
/// <param name="layers">The text before a layer's number.</param>
/// <param name="isTransposed">Whether the matrices of layers are stored as [in, out].</param>
/// <param name="names">The file's names by canonical part, without ".weight", which ".bias" takes the place of.</param>
internal sealed class TensorNameMap(string layers, bool isTransposed, IReadOnlyDictionary<string, string> names)
{
    private const string Bias = ".bias";

    /// <summary>GGUF, all families.</summary>
    internal static TensorNameMap Gguf { get; } = new("blk.", false, new Dictionary<string, string>
    {
        ["token_embedding"] = "token_embd",
        ["position_embedding"] = "position_embd",
        ["output"] = "output",
        ["output_norm"] = "output_norm",
        ["attention_norm"] = "attn_norm",
        ["qkv"] = "attn_qkv",
        ["q"] = "attn_q",
        ["k"] = "attn_k",
        ["v"] = "attn_v",
        ["o"] = "attn_output",
        ["q_norm"] = "attn_q_norm",
        ["k_norm"] = "attn_k_norm",
        ["ffn_norm"] = "ffn_norm",
        ["gate"] = "ffn_gate",
        ["up"] = "ffn_up",
        ["down"] = "ffn_down",
    });

    /// <summary>Safetensors of Llama, Mistral and Qwen, without the leading "model.".</summary>
    internal static TensorNameMap Llama { get; } = new("layers.", false, new Dictionary<string, string>
    {
        ["token_embedding"] = "embed_tokens",
        ["output"] = "lm_head",
        ["output_norm"] = "norm",
        ["attention_norm"] = "input_layernorm",
        ["q"] = "self_attn.q_proj",
        ["k"] = "self_attn.k_proj",
        ["v"] = "self_attn.v_proj",
        ["o"] = "self_attn.o_proj",
        ["q_norm"] = "self_attn.q_norm",
        ["k_norm"] = "self_attn.k_norm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["gate"] = "mlp.gate_proj",
        ["up"] = "mlp.up_proj",
        ["down"] = "mlp.down_proj",
    });

    /// <summary>
    /// Safetensors of GPT-2, without the leading "transformer.": a one-wide convolution stores [in, out].
    /// </summary>
    internal static TensorNameMap Gpt2 { get; } = new("h.", true, new Dictionary<string, string>
    {
        ["token_embedding"] = "wte",
        ["position_embedding"] = "wpe",
        ["output"] = "lm_head",
        ["output_norm"] = "ln_f",
        ["attention_norm"] = "ln_1",
        ["qkv"] = "attn.c_attn",
        ["o"] = "attn.c_proj",
        ["ffn_norm"] = "ln_2",
        ["up"] = "mlp.c_fc",
        ["down"] = "mlp.c_proj",
    });

    /// <summary>The name in the file; null where the file never has such a weight.</summary>
    internal string? Of(int layer, string part)
    {
        bool isBias = part.EndsWith(Bias, StringComparison.Ordinal);
        if (!names.TryGetValue(isBias ? part[..^Bias.Length] : part, out string? name))
        {
            return null;
        }

        string end = isBias ? Bias : ".weight";
        return layer < 0 ? name + end : string.Create(CultureInfo.InvariantCulture, $"{layers}{layer}.{name}{end}");
    }

    /// <summary>Whether a weight is stored as [in, out].</summary>
    internal bool IsTransposed(WeightLayout.Weight weight) => isTransposed && weight.Layer >= 0 && weight.Rows > 1;
}
