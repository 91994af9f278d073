"""The network of section 11.9 and its file. One position after the other, a number at a time.

Numbers of binary32 are Python floats that binary32 holds. A sum, product or quotient of two of them, computed in binary64 and rounded again, is the one that binary32 rounds once.
"""

import math
import struct

TYPES = (("int8", "b", 1), ("float32", "f", 4))
SHAPE = ("width", "layers", "heads", "key_heads", "head_width", "inner", "vocabulary", "window")
FLAGS = ("gated", "rotary", "biases", "head_norms")


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


SMALLEST = f32(1e-6)


def read_store(data):
    """Tensors by name, each a list of numbers and its dimensions; ValueError for what is no store."""
    if len(data) < 20 or data[-8:] != b"LCTS\x01\0\0\0":
        raise ValueError("no store ends so")
    place, count = struct.unpack("<qi", data[-20:-8])
    names = data[place:-20]
    tensors = {}
    end = at = 0
    for _ in range(count):
        length = names[at]
        name = names[at + 1:at + 1 + length].decode("ascii")
        kind, rank = names[at + 1 + length:at + 3 + length]
        at += 3 + length
        dimensions = struct.unpack_from(f"<{rank}i", names, at)
        offset, = struct.unpack_from("<q", names, at + 4 * rank)
        at += 4 * rank + 8
        numbers = math.prod(dimensions)
        if offset != (end + 63) // 64 * 64:
            raise ValueError(f"{name} does not lie where its turn is")
        _, code, size = TYPES[kind]
        tensors[name] = (list(struct.unpack_from(f"<{numbers}{code}", data, offset)), dimensions)
        end = offset + numbers * size
    if at != len(names) or end != place:
        raise ValueError("bytes that belong to no tensor")
    return tensors


def read_shape(tensors):
    data = struct.pack("57b", *tensors["shape"][0])
    shape = dict(zip(SHAPE, struct.unpack("<8i", data[:32])))
    shape.update((name, bool(data[32] >> bit & 1)) for bit, name in enumerate(FLAGS))
    shape["epsilon"], shape["range"] = struct.unpack("<2d", data[33:49])
    return shape


def add(left, right):
    return [f32(x + y) for x, y in zip(left, right)]


def amax(row):
    return max(max(abs(x) for x in row), SMALLEST)


def to_bytes(row, most):
    factor = f32(most / amax(row))
    return [round(f32(x * factor)) for x in row]


def root(row, epsilon):
    """inv and R of a row."""
    inv = f32(32767 / amax(row))
    squares = sum(round(f32(x * inv)) ** 2 for x in row)
    return inv, math.sqrt(squares + inv * inv * (epsilon * len(row)))


class Network:
    def __init__(self, store):
        self.tensors = read_store(store)
        self.shape = read_shape(self.tensors)

    def numbers(self, name):
        return self.tensors[name][0]

    def matrix(self, name):
        """Columns of a matrix of bytes, and their scales."""
        values, (rows, columns) = self.tensors[name + ".q"]
        return [values[c::columns] for c in range(columns)], self.numbers(name + ".s")

    def product(self, row, name, most, steps, by, row_factor):
        """Of the first columns, so many as steps says, scales and biases are 64 times those of the tensor."""
        columns, scales = self.matrix(name)
        bias = self.numbers(name + ".b") if name + ".b" in self.tensors else None
        values = to_bytes(row, most)
        result = []
        for c, (column, scale) in enumerate(zip(columns, scales)):
            fold = 64 if c < steps else 1
            total = f32(sum(x * y for x, y in zip(values, column)))
            number = f32(f32(total * f32(f32(scale * fold) * by)) * row_factor)
            result.append(number if bias is None else f32(number + f32(bias[c] * fold)))
        return result

    def linear(self, row, name, most):
        return self.product(row, name, most, 0, f32(1 / most), amax(row))

    def norm_linear(self, row, name, steps=0):
        _, size = root(row, self.shape["epsilon"])
        return self.product(row, name, 63, steps, 1.0, f32(32767 * math.sqrt(len(row)) / 63 / size))

    def embedded(self, name, index):
        values, (_, width) = self.tensors[name + ".q"]
        scale = self.numbers(name + ".s")[index]
        return [f32(x * scale) for x in values[index * width:(index + 1) * width]]

    def turned(self, head, gains, position):
        width = self.shape["head_width"]
        if gains is not None:
            inv, size = root(head, self.shape["epsilon"])
            factor = f32(inv * math.sqrt(width) / size)
            head = [f32(f32(x * factor) * gain) for x, gain in zip(head, gains)]
        if self.shape["rotary"]:
            half = width // 2
            cosines = self.numbers("rope.cos")[position * width:]
            sines = self.numbers("rope.sin")[position * width:]
            other = head[half:] + head[:half]
            head = [f32(f32(x * c) + f32(y * s)) for x, y, c, s in zip(head, other, cosines, sines)]
        return head

    def kept(self, head, limit):
        factor = f32(127 / limit)
        return [round(min(max(f32(x * factor), -127.0), 127.0)) for x in head]

    def attention(self, row, layer, position, cache):
        shape = self.shape
        width, heads, key_heads = shape["head_width"], shape["heads"], shape["key_heads"]
        made = self.norm_linear(row, f"{layer}.qkv")
        parts = [made[i:i + width] for i in range(0, len(made), width)]
        key_ranges = [max(r, SMALLEST) for r in self.numbers(f"{layer}.k_range")]
        value_ranges = [max(r, SMALLEST) for r in self.numbers(f"{layer}.v_range")]
        gains = [self.numbers(f"{layer}.{part}_norm") if shape["head_norms"] else None for part in "qk"]
        keys, values = cache
        keys.append([self.kept(self.turned(parts[heads + k], gains[1], position), key_ranges[k]) for k in range(key_heads)])
        values.append([self.kept(parts[heads + key_heads + k], value_ranges[k]) for k in range(key_heads)])
        softmax = self.numbers("softmax")
        result = []
        for head in range(heads):
            k = head // (heads // key_heads)
            query = self.turned(parts[head], gains[0], position)
            scale = f32(amax(query) * f32(key_ranges[k] * (64 / (63 * 127 * math.sqrt(width)))))
            query = to_bytes(query, 63)
            scores = [f32(f32(sum(x * y for x, y in zip(query, key[k]))) * scale) for key in keys]
            top = f32(max(scores) + 0.5)
            entries = [int(softmax[int(min(f32(top - score), 1023.0))]) for score in scores]
            share = f32(f32(value_ranges[k] * (1 / 127)) / summed(entries, [1] * len(entries)))
            result += [f32(summed(entries, [value[k][i] for value in values]) * share) for i in range(width)]
        return self.linear(result, f"{layer}.o", 63)

    def feed_forward(self, row, layer):
        inner, limit = self.shape["inner"], self.shape["range"]
        made = self.norm_linear(row, f"{layer}.in", steps=inner)
        table = self.numbers("activation")
        active = []
        for g in made[:inner]:
            place = int(min(max(f32(g + f32(64 * limit + 0.5)), 0.0), 128 * limit))
            active.append(f32(g * f32(table[place] / 64)))
        if self.shape["gated"]:
            active = [f32(x * y) for x, y in zip(active, made[inner:])]
        return self.linear(active, f"{layer}.down", 127)

    def empty(self):
        """The keys and values of a row without tokens: two lists for each layer, an entry a position."""
        return [([], []) for _ in range(self.shape["layers"])]

    def read(self, caches, token):
        """Appends a token to a row; the logits after it."""
        position = len(caches[0][0])
        row = self.embedded("embedding", token)
        if not self.shape["rotary"]:
            row = add(row, self.embedded("position", position))
        for layer, cache in enumerate(caches):
            row = add(row, self.attention(row, layer, position, cache))
            row = add(row, self.feed_forward(row, layer))
        return self.norm_linear(row, "head")


def summed(entries, values):
    """Sum of entry * value in binary32, by the two digits of the entries."""
    high = sum(e // 128 * v for e, v in zip(entries, values))
    low = sum(e % 128 * v for e, v in zip(entries, values))
    return f32(f32(f32(high) * 128) + f32(low))
