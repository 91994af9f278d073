"""Reads GGUF files: what they say about their model, and their tensors as float32. Format: github.com/ggml-org/ggml, docs/gguf.md."""
import struct

import numpy as np

import data

NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
TEXT, LIST = 8, 9


def half(blocks, at):
    """The column of half-precision numbers at byte `at` of each block."""
    return np.ascontiguousarray(blocks[:, at:at + 2]).view(np.float16).astype(np.float32)


def nibbles(blocks, at):
    """32 numbers of 4 bits: the lower halves of 16 bytes, then their upper halves."""
    packed = blocks[:, at:at + 16]
    return np.concatenate([packed & 15, packed >> 4], 1).astype(np.float32)


# By the format's number: name, numbers in a block, its bytes, from rows of block bytes to rows of numbers.
FORMATS = {
    0: ("F32", 1, 4, lambda b: b.view(np.float32)),
    1: ("F16", 1, 2, lambda b: b.view(np.float16).astype(np.float32)),
    2: ("Q4_0", 32, 18, lambda b: (nibbles(b, 2) - 8) * half(b, 0)),
    3: ("Q4_1", 32, 20, lambda b: nibbles(b, 4) * half(b, 0) + half(b, 2)),
    8: ("Q8_0", 32, 34, lambda b: b[:, 2:].view(np.int8).astype(np.float32) * half(b, 0)),
    30: ("BF16", 1, 2, lambda b: (b.view(np.uint16).astype(np.uint32) << 16).view(np.float32)),
}


class Gguf:
    """An opened file: `fields` by name; tensors are read when asked for."""

    def __init__(self, path):
        self.path, self.at = path, 0
        try:
            self.bytes = np.memmap(path, np.uint8, "r")
            self._read()
        except (struct.error, ValueError, KeyError):
            data.fail("%s: the file is cut or spoilt near byte %d" % (path, self.at))

    def _read(self):
        if bytes(self.bytes[:4]) != b"GGUF":
            data.fail("%s: expected a GGUF file, which begins with \"GGUF\"" % self.path)
        self.at = 4
        version, = self._take("<I")
        if version not in (2, 3):
            data.fail("%s: expected GGUF version 2 or 3, found %d" % (self.path, version))
        tensors, fields = self._take("<QQ")
        self.fields = dict((self._text(), self._value(self._take("<I")[0])) for _ in range(fields))
        self.entries = dict(self._entry() for _ in range(tensors))
        alignment = self.fields.get("general.alignment", 32)
        self.start = (self.at + alignment - 1) // alignment * alignment

    def _take(self, layout):
        values = struct.unpack_from(layout, self.bytes, self.at)
        self.at += struct.calcsize(layout)
        return values

    def _text(self):
        length, = self._take("<Q")
        return self._take("<%ds" % length)[0].decode("utf-8")

    def _value(self, kind):
        if kind == TEXT:
            return self._text()
        if kind != LIST:
            return self._take("<" + NUMBERS[kind])[0]
        inner, count = self._take("<IQ")
        if inner in (TEXT, LIST):
            return [self._value(inner) for _ in range(count)]
        return list(self._take("<%d%s" % (count, NUMBERS[inner])))

    def _entry(self):
        name = self._text()
        rank, = self._take("<I")
        shape = self._take("<%dQ" % rank)[::-1]               # outermost first
        kind, offset = self._take("<IQ")
        return name, (shape, kind, offset)

    def tensor(self, name):
        """A tensor as float32, outermost dimension first."""
        shape, kind, offset = self.entries[name]
        if kind not in FORMATS:
            data.fail("%s: tensor %s has numbers of type %d; %s are read" % (self.path, name, kind, ", ".join(f[0] for f in FORMATS.values())))
        _, block, size, widen = FORMATS[kind]
        begin, length = self.start + offset, int(np.prod(shape)) // block * size
        raw = self.bytes[begin:begin + length]
        if len(raw) < length:
            data.fail("%s: tensor %s is cut off" % (self.path, name))
        return widen(np.array(raw).reshape(-1, size)).reshape(shape)
