#!/usr/bin/env python3
"""Tests adapting a language model on a tiny one with random weights. Run: test_adapt_language.py (what needs the linkcodec command is left out without it)."""
import contextlib
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
except ImportError as missing:
    sys.exit("error: %s; README.md says what the tools need" % missing)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import adapt_language
import language_files
import language_gguf
import language_net
import language_rows
import language_tokenizer
import merge_language
import runner
import tool

FOLDER = tempfile.TemporaryDirectory()
ROOT = FOLDER.name
WORDS = "signal lost at dawn we hold position fuel low wind north clear sky all well".split()
WIDTH, HEADS, GROUPS, INNER, LAYERS = 32, 4, 2, 64, 2
HAS_TOOL = os.path.exists(os.path.join(tool.ROOT, "tools/LinkCodec.Tool/bin/Release/net10.0/LinkCodec.Tool.dll"))


def alphabet():
    """GPT-2's letters for the 256 bytes."""
    plain = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174]
    rest = [b for b in range(256) if b not in plain]
    return [chr(b) if b in plain else chr(256 + rest.index(b)) for b in range(256)]


def vocabulary():
    """Fields of a GGUF file: the bytes, some merges, a control token that begins rows, one taken whole."""
    letters = alphabet()
    pairs = [("t", "h"), ("th", "e"), (letters[32], "a"), ("l", "l"), ("e", "ll")]
    tokens = ["<|endoftext|>"] + letters + [a + b for a, b in pairs] + ["<tag>"]
    fields = {"model": "gpt2", "pre": "smollm", "tokens": tokens, "merges": [" ".join(p) for p in pairs],
              "token_type": [3] + [1] * (len(tokens) - 2) + [4], "bos_token_id": 0}
    return {"tokenizer.ggml." + k: v for k, v in fields.items()}


def tiny(family="llama", seed=3):
    """A model with random weights; those of Qwen have biases, those of Qwen 3 norms of heads."""
    rng, size, head = np.random.RandomState(seed), len(vocabulary()["tokenizer.ggml.tokens"]), WIDTH // HEADS
    config = {"model_type": family, "hidden_act": "silu", "hidden_size": WIDTH, "num_attention_heads": HEADS, "num_key_value_heads": GROUPS,
              "head_dim": head, "num_hidden_layers": LAYERS, "intermediate_size": INNER, "vocab_size": size, "max_position_embeddings": 1024,
              "rope_theta": 10000., "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "attention_bias": family == "qwen2"}
    normal = lambda *shape: (rng.randn(*shape) / np.sqrt(shape[-1])).astype(np.float32)
    gain = lambda n: (1 + .1 * rng.randn(n)).astype(np.float32)
    weights = {"model.embed_tokens.weight": normal(size, WIDTH) * np.float32(4), "model.norm.weight": gain(WIDTH)}
    shapes = {"self_attn.q_proj": (HEADS * head, WIDTH), "self_attn.k_proj": (GROUPS * head, WIDTH), "self_attn.v_proj": (GROUPS * head, WIDTH),
              "self_attn.o_proj": (WIDTH, HEADS * head), "mlp.gate_proj": (INNER, WIDTH), "mlp.up_proj": (INNER, WIDTH), "mlp.down_proj": (WIDTH, INNER)}
    for layer in range(LAYERS):
        at = "model.layers.%d." % layer
        weights[at + "input_layernorm.weight"], weights[at + "post_attention_layernorm.weight"] = gain(WIDTH), gain(WIDTH)
        for part, shape in shapes.items():
            weights["%s%s.weight" % (at, part)] = normal(*shape)
            if family == "qwen2" and part[10:] in ("q_proj", "k_proj", "v_proj"):
                weights["%s%s.bias" % (at, part)] = normal(shape[0])
        for part in ("q_norm", "k_norm") if family == "qwen3" else ():
            weights["%sself_attn.%s.weight" % (at, part)] = gain(head)
    return language_files.Model(config, weights, language_tokenizer.from_gguf(vocabulary(), "tiny"))


def gguf_bytes(model):
    """The model as a GGUF file of F32, the rows of a Llama's q and k as neighbouring pairs."""
    family, c = model.config["model_type"], model.config
    text = lambda t: struct.pack("<Q", len(t.encode())) + t.encode()

    def value(v):
        if isinstance(v, str):
            return struct.pack("<I", 8) + text(v)
        if isinstance(v, float):
            return struct.pack("<If", 6, v)
        if isinstance(v, int):
            return struct.pack("<II", 4, v)
        items = [value(i) for i in v]
        return struct.pack("<I", 9) + items[0][:4] + struct.pack("<Q", len(v)) + b"".join(i[4:] for i in items)

    names = {"embedding_length": "hidden_size", "attention.head_count": "num_attention_heads", "attention.head_count_kv": "num_key_value_heads",
             "attention.key_length": "head_dim", "attention.value_length": "head_dim", "block_count": "num_hidden_layers", "feed_forward_length": "intermediate_size",
             "context_length": "max_position_embeddings", "rope.freq_base": "rope_theta", "attention.layer_norm_rms_epsilon": "rms_norm_eps"}
    fields = dict({"general.architecture": family}, **{"%s.%s" % (family, k): c[v] for k, v in names.items()}, **vocabulary())
    parts = {v: k for k, v in language_files.PARTS.items()}
    head, body = b"", b""
    for name, w in model.weights.items():
        bare, _, end = name.rpartition(".")
        if bare.startswith("model.layers."):
            _, _, layer, part = bare.split(".", 3)
            if family == "llama" and part[10:] in ("q_proj", "k_proj"):
                w = w.reshape(-1, 2, c["head_dim"] // 2, WIDTH).swapaxes(1, 2).reshape(w.shape)
            bare = "blk.%s.%s" % (layer, parts[part])
        else:
            bare = {"model.embed_tokens": "token_embd", "model.norm": "output_norm"}[bare]
        head += text("%s.%s" % (bare, end)) + struct.pack("<I%dQIQ" % w.ndim, w.ndim, *w.shape[::-1], 0, len(body))
        body += w.tobytes() + bytes(-w.nbytes % 32)
    start = b"GGUF" + struct.pack("<IQQ", 3, len(model.weights), len(fields)) + b"".join(text(k) + value(v) for k, v in fields.items()) + head
    return start + bytes(-len(start) % 32) + body


def write(name, content):
    path = os.path.join(ROOT, name)
    with open(path, "wb") as f:
        f.write(content)
    return path


def refusal(act):
    """The line with which something ends the program."""
    try:
        act()
    except SystemExit as e:
        return str(e)
    raise AssertionError("it was taken")


def same(a, b):
    return list(a) == list(b) and all(a[n].dtype == b[n].dtype and np.array_equal(a[n], b[n]) for n in a)


def tokens_of(text):
    return np.array([1 + b for b in text], np.int32)


def lines(count, seed):
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(2, 9))).encode() for _ in range(count)]


def streams_by_bytes():
    """A stream without the command: every byte is a token."""
    cut, language_rows.cut = language_rows.cut, lambda messages, *_: ([tokens_of(m) for m in messages], 0)
    try:
        return {"words.txt": language_rows.Stream(lines(300, 1), "", [])}, language_rows.Held(lines(6, 2), "", [])
    finally:
        language_rows.cut = cut


def test_a_gguf_and_a_folder_hold_the_same_model():
    for family in ("llama", "qwen2", "qwen3"):
        model, folder = tiny(family), os.path.join(ROOT, family)
        language_files.write(folder, model)
        again, gguf = language_files.read(folder), language_files.read(write(family + ".gguf", gguf_bytes(model)))
        assert same(again.weights, model.weights) and same(gguf.weights, model.weights)
        assert again.tokenizer == gguf.tokenizer == model.tokenizer
        assert again.config == dict(model.config, torch_dtype="float32")
        assert abs(gguf.config.pop("rms_norm_eps") - 1e-5) < 1e-11
        assert gguf.config == {k: v for k, v in model.config.items() if k != "rms_norm_eps"}


def test_numbers_of_all_formats_are_read():
    rng, h = np.random.RandomState(5), lambda v: np.float16(v).tobytes()
    low, high = rng.randint(0, 16, 16), rng.randint(0, 16, 16)
    packed, q = bytes(int(a | b << 4) for a, b in zip(low, high)), np.concatenate([low, high])
    signed = rng.randint(-128, 128, 32).astype(np.int8)
    for kind, raw, expected in (
            (0, np.float32([1.5, -2]).tobytes(), [1.5, -2]), (1, np.float16([.5, -3]).tobytes(), [.5, -3]),
            (30, struct.pack("<HH", 0x3FC0, 0xC000), [1.5, -2]), (8, h(.25) + signed.tobytes(), signed * .25),
            (2, h(.5) + packed, (q - 8.) * .5), (3, h(.5) + h(-3) + packed, q * .5 - 3)):
        _, block, size, widen = language_gguf.FORMATS[kind]
        got = widen(np.frombuffer(raw, np.uint8).reshape(-1, size))
        assert got.dtype == np.float32 and got.size % block == 0 and np.array_equal(got.flatten(), np.float32(expected)), kind
    head = json.dumps({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}, "b": {"dtype": "F16", "shape": [1, 1], "data_offsets": [4, 6]}}).encode()
    got = language_files.read_safetensors(write("mixed.safetensors", struct.pack("<Q", len(head)) + head + struct.pack("<HH", 0x3FC0, 0xC000) + h(.5)))
    assert same(got, {"a": np.float32([1.5, -2]), "b": np.float32([[.5]])})


def test_files_that_are_spoilt_or_not_supported_are_one_line():
    whole = gguf_bytes(tiny())
    for content in (whole[:len(whole) // 2], whole[:-1000], whole[:40], b"GGUX" + whole[4:], b""):
        line = refusal(lambda: language_files.read(write("bad.gguf", content)))
        assert line.startswith("error: ") and "bad.gguf" in line and "\n" not in line, line
    assert "gemma" in refusal(lambda: language_files.read(write("bad.gguf", whole.replace(b"llama", b"gemma"))))
    assert "there is no" in refusal(lambda: language_files.read(os.path.join(ROOT, "nowhere")))
    assert "odd" in refusal(lambda: language_tokenizer.from_gguf(dict(vocabulary(), **{"tokenizer.ggml.pre": "odd"}), "x"))


def test_a_sentencepiece_vocabulary_merges_by_score():
    fields = {"model": "llama", "tokens": ["<s>", "<0x41>", "a", "b", "ab", "aba"], "token_type": [3, 6, 1, 1, 1, 1], "scores": [0, 0, -3, -3, -2, -1]}
    whole = json.loads(language_tokenizer.from_gguf({"tokenizer.ggml." + k: v for k, v in fields.items()}, "x"))
    assert whole["model"]["merges"] == [["ab", "a"], ["a", "b"]] and whole["model"]["byte_fallback"]
    assert [(t["id"], t["special"]) for t in whole["added_tokens"]] == [(0, True)]


def test_the_head_costs_what_cross_entropy_says():
    torch.manual_seed(1)
    x, weight = torch.randn(7, 8, requires_grad=True), torch.randn(11, 8)
    targets = torch.tensor([3, -1, 0, 10, 4, -1, 2])
    cost = language_net.HeadCost.apply(x, weight, targets)
    (cost * 2).backward()
    got, x.grad = x.grad, None
    expected = torch.nn.functional.cross_entropy(x @ weight.T, targets, ignore_index=-1, reduction="sum")
    (expected * 2).backward()
    assert abs(cost.item() - expected.item()) < 1e-4 and torch.allclose(got, x.grad, atol=1e-5)


def test_a_position_sees_none_after_it():
    net = language_net.Net(tiny(), 2, 4, False)
    a = torch.from_numpy(tokens_of(b"abcdefgh").astype(np.int64))[None]
    b = a.clone()
    b[0, 5:] = 9
    with torch.no_grad():
        x, y = net.features(a), net.features(b)
    assert torch.equal(x[:, :5], y[:, :5]) and not torch.equal(x[:, 5:], y[:, 5:])


def test_rows_join_messages_by_newlines_and_begin_anew():
    _, held = streams_by_bytes()
    messages, inputs = lines(6, 2), held.context[0][0]
    assert held.stream.tokens.tolist() == tokens_of(b"\n".join(messages) + b"\n").tolist()
    assert inputs[0] == 0 and inputs[1:].tolist() == held.context[0][1][:-1].tolist()
    for message, (inputs, targets) in zip(messages, held.cold):
        assert targets[targets >= 0].tolist() == tokens_of(message + b"\n").tolist() and inputs[0] == 0
    assert sum(int((t >= 0).sum()) for _, t in held.cold) == sum(int((t >= 0).sum()) for _, t in held.context)


def test_held_out_pieces_end_between_characters():
    text = ("\u00e9\u4e16 \U0001f600" * 9).encode()
    pieces = language_rows.pieces([text], 11, 99, 1)
    assert b"".join(pieces) == text and all(len(p) <= 11 and p.decode() for p in pieces)
    assert b"".join(language_rows.pieces([b"\x80" * 30], 8, 99, 1)) == b"\x80" * 30


def test_an_untrained_adapter_changes_nothing():
    model, net = tiny(), language_net.Net(tiny(), 4, 8, False)
    merge_language.merge(model, dict(net.to_arrays(), scale=np.float32(net.scale)))
    assert same(model.weights, tiny().weights)
    _, held = streams_by_bytes()
    adapted = adapt_language.measure(net, held.cold)
    net.strength = 0.
    assert adapt_language.measure(net, held.cold) == adapted


def test_a_merge_is_base_and_product_and_computes_what_was_trained():
    for family in ("llama", "qwen2", "qwen3"):
        net, rng = language_net.Net(tiny(family), 4, 8, False), np.random.RandomState(2)
        arrays = {n: a + (.05 * rng.randn(*a.shape)).astype(np.float32) for n, a in net.to_arrays().items()}
        net.load_arrays(arrays)
        merged = tiny(family)
        merge_language.merge(merged, dict(arrays, scale=np.float32(2)))
        for name, before in tiny(family).weights.items():
            short = name[6:-7]
            expected = before + np.float32(2) * (arrays[short + ".b"] @ arrays[short + ".a"]) if short + ".a" in arrays else before
            assert np.array_equal(merged.weights[name], expected), name
        _, held = streams_by_bytes()
        plain = language_net.Net(merged, 4, 8, False)
        apart, together = adapt_language.measure(net, held.context), adapt_language.measure(plain, held.context)
        net.strength = 0.
        assert abs(together / apart - 1) < 1e-5 and abs(adapt_language.measure(net, held.context) / apart - 1) > 1e-3
    arrays.pop("layers.1.mlp.up_proj.a")
    assert "another model" in refusal(lambda: merge_language.merge(tiny("qwen3"), dict(arrays, scale=1)))


def arguments(out, steps, *more):
    return adapt_language.parse(["--base", "b", "--snapshot", "s", "--out", os.path.join(ROOT, out), "--steps", str(steps), "--batch", "128", "--span", "16", "64",
                                 "--rank", "4", "--alpha", "8", "--rate", "0.01", "--warm", "3", "--float32", *more])


def test_training_costs_less_and_goes_on_where_it_stopped():
    streams, held = streams_by_bytes()

    def run(args, stop=None):
        net, sampler = language_net.Net(tiny(), args.rank, args.alpha, False), language_rows.Sampler(streams, args.span, args.batch, None, args.middle, 1)
        draw = sampler.step
        sampler.step = lambda number: [][0] if number == stop else draw(number)      # as if the process ended there
        with contextlib.suppress(IndexError):
            adapt_language.train(net, sampler, args, lambda line: None)
        return net

    torch.set_num_threads(1)
    whole = run(arguments("whole", 40))
    run(arguments("parts", 40, "--keep", "0"), stop=17)
    parts = run(arguments("parts", 40, "--keep", "0"))
    assert same(whole.to_arrays(), parts.to_arrays())
    with np.load(os.path.join(ROOT, "parts.npz")) as kept:
        assert kept["scale"] == 2 and same({n: kept[n] for n in whole.names}, whole.to_arrays())
    adapted = [adapt_language.measure(whole, rows) for rows in (held.cold, held.context)]
    whole.strength = 0.
    base = [adapt_language.measure(whole, rows) for rows in (held.cold, held.context)]
    assert adapted[0] < .8 * base[0] and adapted[1] < .8 * base[1], (base, adapted)


def linkcodec(*words):
    done = subprocess.run(tool.find() + list(words) + ["--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_whole_way_to_a_snapshot():
    if not HAS_TOOL:
        raise runner.Skipped("the linkcodec command is not built")
    base, folder, snapshot = write("base.gguf", gguf_bytes(tiny())), os.path.join(ROOT, "folder"), os.path.join(ROOT, "snapshot")
    whole = b"\n".join(lines(40, 3))
    text = write("text", whole)
    language_files.write(folder, language_files.read(base))
    made = linkcodec("snapshot", "import", base, "--name", "tiny", "-o", snapshot, "--text", text)
    again = linkcodec("snapshot", "import", folder, "--name", "tiny", "-o", snapshot + "2", "--text", text)
    assert made["name"] == again["name"], (made, again)                     # tensors and tokenizer, byte for byte

    parts, bits = [whole[at:at + 500] for at in range(0, len(whole) - 499, 500)], 0.
    net = language_net.Net(language_files.read(base), 1, 1, False)
    for tokens in language_rows.cut(parts, snapshot, tool.find())[0]:
        bits += adapt_language.measure(net, [(np.append(0, tokens[:-1]).astype(np.int64), tokens.astype(np.int64))])
    assert abs(bits / sum(map(len, parts)) / float(made["float"]) - 1) < 1e-4, (bits, made)

    for part, count in (("train", 300), ("dev", 20)):
        os.makedirs(os.path.join(ROOT, "data", part))
        write("data/%s/words.txt" % part, b"\n".join(lines(count, count)))
        write("data/%s/tags.rs" % part, b"<tag>the sky\n\xff\x1e" * count)
    out, target = os.path.join(ROOT, "run"), os.path.join(ROOT, "adapted")
    sys.argv = ["adapt_language.py", "--base", base, "--snapshot", snapshot, "--data", os.path.join(ROOT, "data"), "--out", out, "--steps", "60",
                "--batch", "128", "--span", "16", "64", "--rank", "4", "--rate", "0.01", "--warm", "3", "--threads", "1", "--float32"]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        adapt_language.main()
        merge_language.main(["--base", base, "--adapter", out + ".npz", "--out", target])
    figures = [float(f) for f in told.getvalue().split("\nall ")[1].split("\n")[0].split()]
    assert figures[1] < .8 * figures[0] and figures[3] < .8 * figures[2], figures

    adapted = linkcodec("snapshot", "import", target, "--name", "mine", "-o", snapshot + "3", "--text", text)
    assert float(adapted["float"]) < .8 * float(made["float"]) and adapted["label"] == "mine", (made, adapted)
    sizes = []
    for one in (snapshot, snapshot + "3"):
        sizes.append(linkcodec("pack", text, "-o", os.path.join(ROOT, "packed"), "--snapshot", one)["coded_bytes"])
    assert sizes[1] < sizes[0], sizes


def test_tokens_are_those_of_the_coder():
    if not HAS_TOOL:
        raise runner.Skipped("the linkcodec command is not built")
    snapshot = os.path.join(ROOT, "cutter")
    linkcodec("snapshot", "import", write("cutter.gguf", gguf_bytes(tiny())), "--name", "tiny", "-o", snapshot)
    tokens, begin = language_rows.cut([b"the <tag>", b"", b"\xffell\n"], snapshot, tool.find())
    spelled = vocabulary()["tokenizer.ggml.tokens"]
    assert begin == 0 and [[spelled[t] for t in m] for m in tokens] == [["the", "\u0120", "<tag>"], [], ["\u00ff", "ell", "\u010a"]]


if __name__ == "__main__":
    runner.run(globals())
