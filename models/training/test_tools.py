#!/usr/bin/env python3
"""Tests the tools from training to the manifest on a tiny network and text made here. Run: test_tools.py (needs no data)."""
import contextlib
import io
import os
import random
import sys
import tempfile

try:
    import msgpack  # noqa: F401 (asked for here so that one line can name what is missing)
    import numpy as np
    import onnx  # noqa: F401
    import torch
except ImportError as missing:
    sys.exit("error: %s; README.md says what the tools need" % missing)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import coder_table
import data
import evaluate
import export
import graph
import manifest
import net as network
import quantise
import reference
import runner
import train

FOLDER = tempfile.TemporaryDirectory()
ROOT = FOLDER.name
WORDS = "signal lost at dawn we hold position fuel low wind north clear sky all well".split()


def make_data():
    """train/ and dev/ with one file of each kind."""
    rng = random.Random(7)
    for part, count in (("train", 1500), ("dev", 12)):
        os.makedirs(os.path.join(ROOT, part))
        lines = [" ".join(rng.choices(WORDS, k=rng.randint(2, 9))).encode() for _ in range(count)]
        files = {"words.txt": b"".join(m + b"\n" for m in lines), "notes.rs": b"".join(m + b"\n.\x1e" for m in lines),
                 "frames.lp": b"".join(len(m).to_bytes(4, "little") + m[::-1] for m in lines)}
        for name, content in files.items():
            with open(os.path.join(ROOT, part, name), "wb") as f:
                f.write(content)


def run_training(steps):
    """The weights after `steps` steps; a second call with more goes on from the first."""
    args = train.parse(["--data", ROOT, "--out", os.path.join(ROOT, "run"), "--steps", str(steps), "--batch", "8", "--span", "64",
                        "--width", "32", "--layers", "2", "--inner", "48", "--threads", "1", "--float32", "--end-first", "5"])
    torch.manual_seed(args.seed)
    lines = []
    with contextlib.redirect_stdout(io.StringIO()):
        stream = data.cached_stream(args.data, args.out + ".stream.npy", args.limit)
        net = network.Net(args.width, args.layers, args.inner)
        where = train.train(net, train.Rows(stream, args.batch, args.span), args, lines.append)
    return network.to_arrays(net), where, lines


def test_messages_are_split_by_the_kind_of_file():
    assert data.split_messages("a.txt", b"one\n\ntwo\n") == [b"one", b"two"]
    assert data.split_messages("a.rs", b"a\nb\x1ec\x1e") == [b"a\nb", b"c"]
    assert data.split_messages("a.lp", b"\x02\0\0\0hi\x01\0\0\0!") == [b"hi", b"!"]
    try:
        data.split_messages("a.lp", b"\x09\0\0\0hi")
    except ValueError as e:
        assert "cut off" in str(e)
    else:
        raise AssertionError("a record that is cut off was taken")


def test_a_cut_message_has_no_end_to_learn():
    stream = data.build_stream({"x": [b"abcde", b"f"]}, limit=2, seed=0)
    rows = train.Rows(np.append(stream, np.uint16(data.START)), 1, len(stream))
    tokens, targets, _ = rows.next()
    after = {chr(t): int(y) for t, y in zip(tokens.flatten(), targets.flatten()) if t < 256}
    assert tokens.max() == data.START and after == {"a": 98, "b": -1, "c": 100, "d": -1, "e": 256, "f": 256}, after


def test_a_mix_reads_files_by_their_shares():
    kinds = {"a": [b"%d" % i for i in range(1000)], "b": [b"x"] * 10, "c": [b"y"]}
    out = data.mixed(kinds, {"a": .3, "b": 2.5, "*": 0}, 1)
    assert 250 < len(out["a"]) < 350 and 20 <= len(out["b"]) <= 30 and out["c"] == [], {k: len(v) for k, v in out.items()}
    assert out == data.mixed(kinds, {"a": .3, "b": 2.5, "*": 0}, 1)


def test_the_written_out_gradients_are_right():
    torch.manual_seed(0)
    keep = torch.ones(5, 2, 1, dtype=torch.double)
    keep[3, 1] = 0
    draw = lambda *s: torch.randn(*s, dtype=torch.double, requires_grad=True)
    prev = torch.randn(2, 4, dtype=torch.double)
    assert torch.autograd.gradcheck(lambda x, a, b: network.ShiftNorm.apply(x, a, b, keep, prev)[0], (draw(5, 2, 4), draw(4), draw(4)))
    pre, h0 = torch.randn(5, 2, 12), torch.randn(2, 4)
    pre.requires_grad_()
    network.Recurrence.apply(pre, keep.float(), h0)[0].square().sum().backward()
    other = pre.detach().clone().requires_grad_()
    z, c, g = torch.nn.functional.softsign(other).chunk(3, -1)
    h, rows = h0, []
    for t in range(5):
        share = z[t] / 2 + .5
        h = (1 - share) * h * keep[t].float() + share * c[t]
        rows.append(h * (g[t] + 1))
    torch.stack(rows).square().sum().backward()
    assert torch.allclose(pre.grad, other.grad, atol=1e-5)


def test_training_lowers_the_loss_and_goes_on_where_it_stopped():
    assert run_training(20)[1]["step"] == 20
    weights, where, lines = run_training(80)
    assert where["step"] == 80 and "goes on at step 20" in lines[0]
    parts = evaluate.sample(data.load_part(ROOT, "dev")["words.txt"], 1000, 0)
    body, ends = evaluate.measure(evaluate.FloatNet(weights), evaluate.float_cost, parts)
    assert (body + ends) / sum(len(p) for p, _ in parts) < 6, (body, ends)


def trained():
    return quantise.load(os.path.join(ROOT, "run.npz"))


def test_a_head_without_end_gets_an_improbable_one():
    weights = trained()
    weights["head.weight"], weights["head.bias"] = weights["head.weight"][:256], weights["head.bias"][:256]
    grown = network.to_arrays(network.from_arrays(weights))
    assert grown["head.weight"].shape == (257, 32) and grown["head.bias"][256] == -5


def test_quantised_weights_stay_in_their_range():
    exact = quantise.quantise(trained())
    parts = [layer[k] for layer in exact["layers"] for k in ("gates", "mix", "up", "down")] + [exact["head"]]
    for part in parts:
        assert part["weights"].dtype == np.int8 and np.abs(part["weights"].astype(int)).max() <= 63
        assert part["scale"].dtype == np.float32 and (part["scale"] > 0).all()
    assert exact["head"]["weights"].shape == (32, 257)


def test_the_numpy_float_network_is_the_trained_one():
    weights, tokens = trained(), [256, 72, 105, 256, 33]
    net, torch_net = evaluate.FloatNet(weights), network.from_arrays(weights)
    with torch.no_grad():
        expected = torch_net(torch.tensor(tokens)[:, None], torch_net.empty_state(1))[0][:, 0].numpy()
    state = net.empty_state(1)
    for token, row in zip(tokens, expected):
        if token == 256:
            state = net.empty_state(1)
        logits, state = net.step(np.array([token]), state)
        assert np.allclose(logits[0], row, atol=1e-3)


def test_exact_is_near_float_and_rows_do_not_touch():
    weights = trained()
    exact = reference.Reference(quantise.quantise(weights))
    parts = evaluate.sample(data.load_part(ROOT, "dev")["words.txt"], 1000, 0)
    as_float = sum(evaluate.measure(evaluate.FloatNet(weights), evaluate.float_cost, parts))
    as_exact = sum(evaluate.measure(exact, evaluate.exact_cost, parts))
    assert abs(as_exact / as_float - 1) < .02, (as_float, as_exact)
    state, tokens = exact.empty_state(3), np.array([256, 65, 9])
    together, _ = exact.step(tokens, state)
    alone = [exact.step(tokens[i:i + 1], exact.empty_state(1))[0][0] for i in range(3)]
    assert (together == np.array(alone)).all()


def test_frequencies_are_positive_and_sum_to_the_whole():
    table = coder_table.weights_table()
    assert table[0] == 1 << 22 and table[-1] == 0 and len(table) == 1024
    logits = np.random.RandomState(1).randint(-3000, 3000, (50, 257))
    logits[0], logits[1, 1:] = 0, -131068
    f = coder_table.frequencies(logits, table)
    assert (f >= 1).all() and (f.astype(np.int64).sum(-1) == 1 << 20).all()
    assert f[1, 0] == (1 << 20) - 256


def test_the_snapshot_is_canonical_and_reproducible():
    folder = os.path.join(ROOT, "snapshot")
    with contextlib.redirect_stdout(io.StringIO()):
        name = export.export(trained(), folder, "tiny")
        assert export.export(trained(), folder, "tiny") == name
    value, checked = manifest.check(folder)
    assert checked == name and list(value) == list(range(9)) and [f[0] for f in value[6]] == ["model.onnx", "weights-table.bin"]
    assert (value[3], value[4], value[5]) == (257, 20, [1, 1])
    assert value[8] == {0: 6, 1: 32, 2: 256, 3: 256, 4: 64}
    probe, fingerprint = value[7]
    assert reference.fingerprint(quantise.quantise(trained()), probe) == fingerprint
    try:
        manifest.unpack(b"\xd9\x01a")                  # a text of one byte, not in its smallest form
    except ValueError:
        pass
    else:
        raise AssertionError("a manifest that is not canonical was taken")


def test_a_manifest_of_context_mixing_is_canonical():
    data = manifest.make_mixed("flight-1", {"context-mixing.bin": b"e", "dictionary.bin": b"c"}, b"probe", bytes(32), [])
    value = manifest.unpack(data)
    assert (value[2], value[3], value[4], value[8]) == ("mixed", 257, 16, []) and [f[0] for f in value[6]] == ["context-mixing.bin", "dictionary.bin"]
    value = manifest.unpack(manifest.make_mixed("two-1", {"context-mixing.bin": b"e"}, b"", bytes(32), [(12, 256), (6, 128)]))
    assert value[8] == [[12, 256, 64], [6, 128, 64]]


def test_the_shipped_snapshot_is_whole_and_belongs_to_its_weights():
    value, _ = manifest.check(os.path.join(HERE, "..", "snapshots", "bytes-1"))
    weights = quantise.load(os.path.join(HERE, "checkpoints", "bytes-1.npz"))
    probe, fingerprint = value[7]
    assert reference.fingerprint(quantise.quantise(weights), probe) == fingerprint


def test_the_graph_keeps_the_rules():
    model = graph.build(quantise.quantise(trained()))
    allowed = set("Abs Add Cast Clip Div Gather MatMulInteger Max Mul ReduceMax ReduceSum Relu Round Split Sqrt Sub".split())
    assert {n.op_type for n in model.graph.node} <= allowed
    assert [i.name for i in model.graph.input] == ["tokens"] + ["s%d" % k for k in range(6)]
    assert [o.name for o in model.graph.output] == ["logits"] + ["n%d" % k for k in range(6)]
    assert len(model.opset_import) == 1 and model.opset_import[0].version == 17 and model.ir_version == 8


if __name__ == "__main__":
    make_data()
    runner.run(globals())
