"""Reads a language model from a GGUF file or a folder of safetensors, and writes such a folder. Names are those of safetensors."""
import glob
import json
import os
import struct

import numpy as np

import data
import language_gguf
import language_tokenizer

FAMILIES = ("llama", "mistral", "qwen2", "qwen3")
TYPES = {
    "F32": (np.dtype("<f4"), lambda a: a),
    "F16": (np.dtype("<f2"), lambda a: a.astype(np.float32)),
    "BF16": (np.dtype("<u2"), lambda a: (a.astype(np.uint32) << 16).view(np.float32)),
}
# What GGUF calls the parts of a layer.
PARTS = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


class Model:
    """`config` as in config.json, `weights` as float32 by name, `tokenizer`: the bytes of tokenizer.json."""

    def __init__(self, config, weights, tokenizer):
        self.config, self.weights, self.tokenizer = config, weights, tokenizer


def read(path):
    """A model of either kind."""
    if not os.path.exists(path):
        data.fail("there is no %s" % path)
    model = read_folder(path) if os.path.isdir(path) else read_gguf(path)
    if model.config.get("model_type") not in FAMILIES:
        data.fail("%s: expected a model of the type %s, found %s" % (path, ", ".join(FAMILIES), model.config.get("model_type")))
    if model.config.get("hidden_act", "silu") not in ("silu", "swish"):
        data.fail("%s: the activation %s is not supported" % (path, model.config["hidden_act"]))
    for name in ("rope_scaling", "rope_parameters"):
        rotary = model.config.get(name) or {}
        if rotary.get("rope_type", rotary.get("type", "default")) != "default":
            data.fail("%s: scaled rotary embeddings are not supported" % path)
    return model


def read_folder(folder):
    """config.json, tokenizer.json and all *.safetensors of a folder."""
    try:
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as f:
            config = json.load(f)
        with open(os.path.join(folder, "tokenizer.json"), "rb") as f:
            tokenizer = f.read()
    except (OSError, ValueError) as e:
        data.fail("%s: %s" % (folder, e))
    weights = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        weights.update(read_safetensors(path))
    return Model(config, weights, tokenizer)


def read_safetensors(path):
    """All tensors of a file as float32."""
    try:
        with open(path, "rb") as f:
            length, = struct.unpack("<Q", f.read(8))
            head = json.loads(f.read(length))
        raw, out = np.memmap(path, np.uint8, "r", offset=8 + length), {}
        for name, entry in head.items():
            if name == "__metadata__":
                continue
            if entry["dtype"] not in TYPES:
                data.fail("%s: tensor %s is of type %s; %s are read" % (path, name, entry["dtype"], ", ".join(TYPES)))
            kind, widen = TYPES[entry["dtype"]]
            begin, end = entry["data_offsets"]
            out[name] = widen(np.array(raw[begin:end]).view(kind)).reshape(entry["shape"])
        return out
    except (OSError, ValueError, KeyError, struct.error) as e:
        data.fail("%s: the file is cut or spoilt: %s" % (path, e))


def read_gguf(path):
    """A GGUF file as a folder would hold it: rows of q and k that GGUF keeps as neighbouring pairs become halves again."""
    file = language_gguf.Gguf(path)
    family = file.fields.get("general.architecture")
    get = lambda name, other=None: file.fields.get("%s.%s" % (family, name), other)
    heads = get("attention.head_count")
    if not heads or "token_embd.weight" not in file.entries:
        data.fail("%s: expected a language model, found one of the architecture %s" % (path, family))
    config = {
        "model_type": family, "hidden_act": "silu", "hidden_size": get("embedding_length"), "num_attention_heads": heads,
        "num_key_value_heads": get("attention.head_count_kv", heads), "head_dim": get("attention.key_length", get("embedding_length") // heads),
        "num_hidden_layers": get("block_count"), "intermediate_size": get("feed_forward_length"),
        "vocab_size": file.entries["token_embd.weight"][0][0], "max_position_embeddings": get("context_length"),
        "rope_theta": get("rope.freq_base", 10000.), "rms_norm_eps": get("attention.layer_norm_rms_epsilon"),
        "tie_word_embeddings": "output.weight" not in file.entries, "attention_bias": "blk.0.attn_q.bias" in file.entries,
    }
    outside = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
    weights = {}
    for name in file.entries:
        part, _, end = name.rpartition(".")
        if part in outside:
            weights["%s.%s" % (outside[part], end)] = file.tensor(name)
            continue
        _, layer, part = (part.split(".", 2) + ["", ""])[:3]
        if part not in PARTS:
            data.fail("%s: what tensor %s is for is not known" % (path, name))
        value = file.tensor(name)
        if family == "llama" and part in ("attn_q", "attn_k"):
            value = value.reshape(-1, config["head_dim"] // 2, 2, *value.shape[1:]).swapaxes(1, 2).reshape(value.shape)
        weights["model.layers.%s.%s.%s" % (layer, PARTS[part], end)] = value
    return Model(config, weights, language_tokenizer.from_gguf(file.fields, path))


def write(folder, model):
    """config.json, model.safetensors (F32) and tokenizer.json, as the importer takes them; the model file last."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as f:
        json.dump(dict(model.config, torch_dtype="float32"), f, indent=2)
    with open(os.path.join(folder, "tokenizer.json"), "wb") as f:
        f.write(model.tokenizer)
    head, at = {}, 0
    for name, value in model.weights.items():
        head[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + 4 * value.size]}
        at += 4 * value.size
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    path = os.path.join(folder, "model.safetensors")
    with open(path + ".tmp", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for value in model.weights.values():
            f.write(np.ascontiguousarray(value, "<f4"))
    os.replace(path + ".tmp", path)
