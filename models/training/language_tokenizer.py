"""Writes the tokenizer of a GGUF file as the tokenizer.json that folders of safetensors have."""
import json

import data

GPT2 = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
          r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def split(expression):
    """Words are what an expression matches; bytes become letters afterwards."""
    rule = {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": False}
    return {"type": "Sequence", "pretokenizers": [rule, dict(GPT2, use_regex=False)]}


# By what a file calls its rule for words.
WORDS = {
    "gpt-2 default phi-2 mpt olmo jais": GPT2,
    "smollm starcoder refact command-r codeshell exaone":
        {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, GPT2]},
    "llama-bpe llama3 llama-v3 dbrx smaug-bpe falcon3": split(LLAMA3),
    "qwen2 stablelm2 deepseek-r1-qwen": split(LLAMA3.replace("{1,3}", "")),
    "tekken": split(TEKKEN),
}
NORMAL, USER, BYTE = 1, 4, 6


def merges_by_score(tokens, kinds, scores):
    """Every cut of a normal token into two others, that of the highest score first: what SentencePiece merges by."""
    normal = {t: i for i, (t, k) in enumerate(zip(tokens, kinds)) if k == NORMAL}
    order = sorted(normal.values(), key=lambda i: (-scores[i], i))
    return [[tokens[i][:cut], tokens[i][cut:]] for i in order for cut in range(1, len(tokens[i]))
            if tokens[i][:cut] in normal and tokens[i][cut:] in normal]


def from_gguf(fields, path):
    """The file's text, from the metadata tokenizer.ggml.*"""
    get = lambda name: fields.get("tokenizer.ggml." + name)
    model, tokens = get("model"), get("tokens")
    if model not in ("gpt2", "llama") or not tokens:
        data.fail("%s: expected a tokenizer of the kind gpt2 or llama, found %s" % (path, model))
    if len(set(tokens)) < len(tokens):
        data.fail("%s: two tokens are spelled alike" % path)
    kinds = get("token_type") or [NORMAL] * len(tokens)
    if model == "gpt2":
        named = get("pre") or "default"
        words = next((rule for names, rule in WORDS.items() if named in names.split()), None)
        if words is None:
            data.fail("%s: the pre-tokenizer %s is not known" % (path, named))
        merges = get("merges") or []
    else:
        words = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": False}
        merges = merges_by_score(tokens, kinds, get("scores"))
    added = [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": k != USER}
             for i, (t, k) in enumerate(zip(tokens, kinds)) if k not in (NORMAL, BYTE)]
    whole = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None, "pre_tokenizer": words,
        "post_processor": None, "decoder": {"type": "ByteLevel" if model == "gpt2" else "ByteFallback"},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": model == "llama", "vocab": {t: i for i, t in enumerate(tokens)}, "merges": merges},
    }
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")
