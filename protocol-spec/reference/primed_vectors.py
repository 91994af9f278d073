"""Checks ../vectors/primed-mixing.json against primed_mixing.py; with "write" it makes the file.

usage: python3 primed_vectors.py [write]      the last line is how many held
"""

import hashlib
import json
import pathlib
import random
import sys
import zlib

import primed_mixing
from primed_mixing import Refused

FOLDER = pathlib.Path(__file__).parent.parent / "vectors"
PATH = FOLDER / "primed-mixing.json"
LINES = ['{"class":"TPV","device":"/dev/ttyUSB0","mode":3,"time":"2026-03-01T12:00:0%d.000Z","lat":48.1%d21,"lon":11.5%d07}' % (i, i, i) for i in range(4)]
NMEA = ["$GPGGA,1235%02d,4807.038,N,01131.000,E,1,08,0.9,545.%d,M,46.9,M,,*4%d" % (i, i, i) for i in range(6)]


def cases():
    draw = random.Random(16)
    text = b"METAR EDDM 011220Z 25008KT 9999 FEW040 12/04 Q1018 NOSIG"
    binary = bytes(draw.randrange(256) for _ in range(60))
    return [("one empty message", [b""]), ("one byte", [b"a"]), ("three empty messages", [b""] * 3), ("a report", [text]),
            ("lines of JSON", [line.encode() for line in LINES]), ("NMEA 0183", [line.encode() for line in NMEA]),
            ("newlines inside messages", [b"\n", b"a\nb\n\nc", b"\n\n"]), ("bytes of no kind", [binary]), ("every byte", [bytes(range(256))]),
            ("a binary record again", [binary[:20] + bytes([i]) for i in range(5)]),
            ("a run that shrinks to less than a sixty-fourth", [b"\0" * 2000]), ("words", [b"the quick brown fox, the lazy dog; The Quick Brown Fox." * 3]),
            ("UTF-8", ["Größe: 12 °C – heiter".encode(), "Größe: 13 °C – heiter".encode()]),
            ("a long match", [b"0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ" * 2] * 2)]


def rejects(content):
    first = 1 + primed_mixing.CONTEXTS
    flags = sum(2**bits // 8 for bits in content[1:2])
    used = sum(bin(byte).count("1") for byte in content[first:first + flags])
    tail = len(content) - 4 * primed_mixing.SETS * primed_mixing.ROWS * primed_mixing.ROW
    logits = tail - 2 * (8 * 1024 + 19)
    assert used > 0
    tables = [("another layout", 0, "02"), ("a table too small", 1, "02"), ("a table too large", 1, "11"), ("an even check", first + flags, "00"),
              ("a logit too large", logits, "190b"), ("a logit too small", logits, "e7f4"), ("a weight too large", tail, "00000200"), ("a weight too small", tail, "0000feff")]
    found = [{"kind": "tables", "name": name, "at": at, "bytes": data} for name, at, data in tables]
    found += [{"kind": "tables", "name": f"{more:+d} bytes", "more": more} for more in (1, -1, -40000)]
    found += [{"kind": "code", "name": "nothing for many messages", "code": "", "count": 129, "error": "limit"},
              {"kind": "code", "name": "more content than the code may hold", "code": "00" * 4, "count": 1, "error": ""},
              {"kind": "code", "name": "ones without end", "code": "ff" * 40, "count": 40, "error": ""}]
    return found


def changed(content, vector):
    if "more" in vector:
        return content + bytes(vector["more"]) if vector["more"] > 0 else content[:vector["more"]]
    data = bytes.fromhex(vector["bytes"])
    return content[:vector["at"]] + data + content[vector["at"] + len(data):]


def error_of(act):
    try:
        act()
    except Refused as refused:
        return str(refused)
    return None


def main():
    packed = (FOLDER / "primed-tables.bin").read_bytes()
    content = zlib.decompress(packed)
    tables = primed_mixing.Tables(content)
    digest = hashlib.sha256(content).hexdigest()
    if sys.argv[1:] == ["write"]:
        valid = [{"kind": "messages", "name": name, "messages": [m.hex() for m in messages], "code": primed_mixing.encode(tables, messages).hex()}
                 for name, messages in cases()]
        bad = rejects(content)
        for vector in bad:
            if vector["kind"] == "code":
                vector["error"] = error_of(lambda: primed_mixing.decode(tables, bytes.fromhex(vector["code"]), vector["count"]))
                assert vector["error"], vector["name"]
        head = '{\n  "feature": "primed-mixing",\n  "tables_sha256": "%s",\n' % digest
        lists = ",\n".join('  "%s": [\n    %s\n  ]' % (key, ",\n    ".join(json.dumps(v) for v in vectors)) for key, vectors in (("valid", valid), ("must_reject", bad)))
        PATH.write_text(head + lists + "\n}\n", encoding="utf-8")
    document = json.loads(PATH.read_text(encoding="utf-8"))
    assert document["tables_sha256"] == digest
    held = 0
    for vector in document["valid"]:
        messages = [bytes.fromhex(m) for m in vector["messages"]]
        code = bytes.fromhex(vector["code"])
        assert primed_mixing.encode(tables, messages) == code, vector["name"]
        assert primed_mixing.decode(tables, code, len(messages)) == messages, vector["name"]
        held += 1
    for vector in document["must_reject"]:
        if vector["kind"] == "code":
            error = error_of(lambda: primed_mixing.decode(tables, bytes.fromhex(vector["code"]), vector["count"]))
            assert error == vector["error"], vector["name"]
        else:
            assert error_of(lambda: primed_mixing.Tables(changed(content, vector))), vector["name"]
        held += 1
    print(f"{held} vectors held")


if __name__ == "__main__":
    main()
