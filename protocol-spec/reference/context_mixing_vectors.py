"""Checks ../vectors/context-mixing.json against context_mixing.py; with "write" it makes the file. Models and networks in it are formulas, given in the file.

usage: python3 context_mixing_vectors.py [write]      the last line is how many held
"""

import json
import os
import sys
import time

import context_mixing
from coded_frame import crc32c
from context_mixing import NONE, context_hash

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "context-mixing.json")
HINTS = ("auto", "prose", "json", "csv", "log", "nmea", "weather", "orbit", "binary", "mail")
FORMULAS = {
    "entries": "entry i of part t of profile k is made of h = H(i, 1000 * seed + 16 * k + t), H of section 10.2; t is 0 to 4 for the maps, 5 to 7 for the weights, in the order of the file; "
               "row entry i of the detector's table is H(i, 1000 * seed + 999) >> 26",
    "tame": "run and expected-byte maps 32768 + (h >> 17); counter map 1024 * (i mod 64) + (h >> 22); end map h >> 20; difference map h >> 18; weights (h >> 20) - 1000, and 8000 more for input 41; "
            "final weights 2200 + (h >> 22); end weights (h >> 18) - 2000",
    "wild": "maps h >> 16; all weights (h >> 12) - 524288",
    "networks": "network k: x is 1 + 6 * k at the start, and (x * 1103515245 + symbol + 1) mod 2^31 after a symbol; the weight of symbol s is ((x * (s + 1)) >> 11) mod 4096, "
                "and 2^18 more if s is the last symbol, 1 more if s is END",
}


def network_class(seed):
    class Network:
        def __init__(self):
            self.x, self.last = seed, NONE

        def step(self, symbol):
            self.x, self.last = (self.x * 1103515245 + symbol + 1) % 2**31, symbol

        def weights(self):
            return [(self.x * (s + 1) >> 11) % 4096 + (2**18 if s == self.last else 1 if s == 256 else 0) for s in range(257)]

    return Network


def content_of(model):
    """The content of context-mixing.bin of a model that is a formula."""
    content = bytearray([2, len(model["profiles"])])
    tame = model["formula"] == "tame"
    salt = 1000 * model["seed"]
    for k, profile in enumerate(model["profiles"]):
        name = profile["name"].encode()
        content += bytes([len(name)]) + name + bytes([HINTS.index(profile["hint"]), profile["network"] + 1, profile["binary"]])
        content += profile["rate"].to_bytes(2, "little") + profile["start_rate"].to_bytes(2, "little")
        for t, (part, entries) in enumerate(context_mixing.MAPS + context_mixing.WEIGHTS):
            for i in range(entries):
                h = context_hash(i, salt + 16 * k + t)
                if t < 5:
                    value = h >> 16
                    if tame:
                        value = 32768 + (h >> 17) if t in (0, 2) else 1024 * (i % 64) + (h >> 22) if t == 1 else h >> 20 if t == 3 else h >> 18
                    content += value.to_bytes(2, "little")
                else:
                    value = (h >> 12) - 524288
                    if tame:
                        value = (h >> 20) - 1000 + (8000 if i % 48 == 41 else 0) if t == 5 else 2200 + (h >> 22) if t == 6 else (h >> 18) - 2000
                    content += value.to_bytes(4, "little", signed=True)
    content += bytes(context_hash(i, salt + 999) >> 26 for i in range(context_mixing.ROWS * len(model["profiles"])))
    return bytes(content)


def load(description):
    model = context_mixing.read_content(content_of(description))
    model["networks"] = [network_class(1 + 6 * k) for k in range(8)]
    model["dictionary"] = bytes.fromhex(description["dictionary"])
    model["index"] = context_mixing.dictionary_index(model["dictionary"])
    return model


def bytes_of(entry):
    """Hex, or hex and how often: [unit, times]."""
    return bytes.fromhex(entry) if isinstance(entry, str) else bytes.fromhex(entry[0]) * entry[1]


def run(model, vector):
    """Profile, its slice, and the slots of no of every other decision, two bytes each."""
    memory = context_mixing.Memory()
    hints = vector.get("hints", ["auto"] * len(vector["before"]))
    for message, hint in zip(vector["before"], hints):
        context_mixing.code(model, memory, bytes_of(message), HINTS.index(hint))
    message = bytes_of(vector["message"])
    number = context_mixing.detect(model, message, HINTS.index(vector["hint"]), memory.profile)
    sizes = context_mixing.slices(len(model["profiles"]), memory.profile)
    found = {"profile": number, "slice": [sum(sizes[:number]), sizes[number]]}
    decisions = b"".join(no.to_bytes(2, "big") for no in context_mixing.decide(model, memory.copy(), message, number))
    if len(decisions) <= 2400 and not vector.get("check_only"):
        found["no"] = decisions.hex()
    else:
        found["crc32c"] = crc32c(decisions)
    return found


def profile(name, hint, network, binary, rate, start_rate):
    return {"name": name, "hint": hint, "network": network, "binary": binary, "rate": rate, "start_rate": start_rate}


def make():
    dictionary = (b'The station is nominal. Battery at 87 percent, wind from the north.\n{"id":"node-3","seq":21,"temp":20.5,"ok":true}\n'
              b"$GPGGA,120007.00,4807.259,N,01131.077,E,1,09,0.9,545.4,M,46.9,M,,*5E\r\n")
    models = {
        "alone": {"formula": "tame", "seed": 1, "dictionary": dictionary.hex(), "profiles": [profile("all", "auto", -1, 0, 4, 20)]},
        "mixed": {"formula": "tame", "seed": 2, "dictionary": dictionary.hex(), "profiles": [
            profile("prose", "prose", 0, 0, 3, 20), profile("lines", "nmea", -1, 0, 8, 20), profile("json", "json", 1, 0, 8, 40),
            profile("binary", "binary", -1, 1, 30, 60), profile("packets", "binary", 0, 1, 60, 0)]},
        "bytes": {"formula": "tame", "seed": 4, "dictionary": "", "profiles": [profile("all", "binary", -1, 1, 30, 60)]},
        "wild": {"formula": "wild", "seed": 3, "dictionary": "", "profiles": [profile("all", "auto", -1, 1, 23, 1000), profile("net", "mail", 1, 0, 1023, 0)]},
    }
    vectors = []

    def add(name, model, message, before=(), hint="auto", hints=()):
        def written(m):
            return [m[0].hex(), m[1]] if isinstance(m, tuple) else m.hex()
        vectors.append({"kind": "decisions", "name": name, "model": model, "before": [written(m) for m in before], "message": written(message), "hint": hint})
        if hints:
            vectors[-1]["hints"] = list(hints)

    prose = [b"The station is nominal, and the battery went up 3 times.", b"The battery is nominal, and the station went down 3 times.", b"Battery 87%"]
    nmea = [b"$GPGGA,120000.00,4807.000,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*4E\r\n", b"$GPGGA,120001.00,4807.037,N,01131.011,E,1,09,0.9,545.4,M,46.9,M,,*4A\r\n",
            b"$GPGGA,120002.00,4807.074,N,01131.022,E,1,10,0.9,545.4,M,46.9,M,,*40\r\n"]
    json_lines = [b'{"id":"node-1","seq":98,"temp":20.5,"ok":true}\n{"id":"node-2","seq":99,"temp":20.6,"ok":true}\n', b'{"id":"node-3","seq":100,"temp":20.7,"ok":true}']
    squitter = bytes.fromhex("8D4840D6202CC371C32CE0576098")
    ubx = [bytes.fromhex("b56201070800a8610000010203") + bytes([i, 4 * i]) for i in range(3)]

    def fletcher(frame):
        a = b = 0
        for v in frame[2:]:
            a = (a + v) % 256
            b = (b + a) % 256
        return frame + bytes([a, b])

    ubx = [fletcher(frame) for frame in ubx]
    records = bytes(v for i in range(24) for v in (1, 2, 40 * i % 256, 9, 8, i * i % 256))
    tle = b"1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927"
    for model in ("alone", "mixed"):
        add("empty", model, b"")
        add("one byte", model, b"\n")
        add("prose, cold", model, prose[0])
        add("prose after prose", model, prose[1], prose[:1])
        add("text after three messages of other kinds", model, prose[2], [prose[0], nmea[0], squitter])
        add("NMEA after two", model, nmea[2], nmea[:2])
        add("JSON lines", model, json_lines[0])
        add("JSON after JSON lines", model, json_lines[1], json_lines[:1])
        add("binary records with a period", model, records[:60])
        add("UBX after two", model, ubx[2], ubx[:2], "binary")
        add("an extended squitter", model, squitter)
        add("an extended squitter in hex, twice", model, b"*" + squitter.hex().encode() + b";\n*" + squitter.hex().upper().encode() + b";")
        add("a line of orbital elements", model, tle)
        add("many kinds after many kinds", model, b"".join(nmea) + json_lines[0] + prose[1], prose + nmea + json_lines + [squitter] + ubx + [b""])
    add("every byte", "mixed", bytes(range(256)), [bytes(range(255, -1, -1))])
    add("a hint", "mixed", json_lines[1], [prose[0]], "json")
    add("another hint", "mixed", json_lines[1], [prose[0]], "mail")
    add("numbers and fields", "alone", b"".join(b"%d,%05d,-%d.%d,%d;x\n" % (i, 7 * i, i, i, 10**(i + 7)) for i in range(13)))
    add("long fields, empty ones and a hundred of them", "alone", b",,\n\":\"\n!a,b\n!a,b\n" + b"abcdefgh" * 5 + b"," + b"abcdefgh" * 5 + b"\n" + b"7," * 210 + b"\n" + b"7," * 210)
    add("one byte again and again", "alone", (b"a", 100))
    add("warm", "alone", prose[1], [(b"0123456789" + prose[0] + b"\n", 62)])
    address = 0x4840D6
    replies = [bytes.fromhex(data) for data in ("A0001838201584F23468207CDFA5", "A8001EBCFFFB23286004A73F6A5B", "A000183810010080E50000D6C3B4", "28001B1F5A7C21")]
    replies = [data[:-3] + (context_mixing.crc24(data[:-3]) ^ address).to_bytes(3, "big") for data in replies]
    add("replies with an address in their parity", "bytes", replies[2], [squitter, *replies[:2]])
    add("a short reply", "bytes", replies[3], [squitter, replies[0]])
    add("replies in hex", "alone", b"".join(data.hex().encode() + b"\n" for data in [squitter, *replies]))
    packets = [bytes([8, 10, 192, i, 0, 13, 44, 0, 250 + i >> 8, (250 + i) % 256, (7 * i + 250) % 256, 1, (200 + 3 * i) % 256, 7, 40, 0, 41 + i, 0]) for i in range(6)]
    packets = [data + context_mixing.straight(data, 0x1021, 16, 0xFFFF).to_bytes(2, "big") for data in packets]
    add("packets with counters and a CRC", "bytes", packets[5], packets[:5])
    sums = [bytes([170, 3, i, 2 * i, 200, 17, i * i % 256]) for i in range(5)]
    sums = [data + bytes([sum(data) % 256]) for data in sums]
    add("records with a sum", "bytes", sums[4], [*sums[:4], packets[0]])
    values = [900 + 7 * i % 40 for i in range(60)]
    bits = "".join(f"{value:012b}" for value in values)
    add("numbers of twelve bits", "bytes", bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
    add("a decimal point and a sign", "alone", b"".join(b"%.2f,-%d.5,.7,5.,1.2.3,--4\n" % (i / 4 - 1, 12 - 5 * i) for i in range(8)))
    add("what a sentence repeats of another", "alone", b"".join(b"$GPRMC,1200%02d,A,4807.%03d*11\n$GPGGA,1200%02d,4807.%03d,1*22\n" % (i, 17 * i, i, 17 * i) for i in range(4)))
    for text in (prose[0], squitter, json_lines[0]):
        add("wild: " + text[:4].hex(), "wild", text, [ubx[0], nmea[0]])
    add("wild and long", "wild", records, [records])
    add("after the same twice, coded as two kinds", "mixed", b"Battery 86%", [prose[2], prose[2]], hints=["mail", "nmea"])
    add("the history forgets", "alone", prose[1] + b"\nthe last line ", [prose[0], (b"Line of no great interest, %d to %d\n", 960)])
    for vector in vectors:
        vector["name"] += ", " + vector["model"]
    return {"feature": "context-mixing", "formulas": FORMULAS, "models": models, "valid": vectors, "must_reject": rejects()}


def rejects():
    """Patches of the content of the model "alone": place and bytes, or another length."""
    maps = 2 * sum(entries for _, entries in context_mixing.MAPS)
    head = 6  # where the hint stands
    bad = [("another layout", 0, "01"), ("no profile", 1, "00"), ("too many profiles", 1, "21"), ("more profiles than there are", 1, "02"), ("no name", 2, "00"),
           ("a name too long", 2, "21"), ("a space in the name", 4, "20"), ("a name beyond ASCII", 4, "c3"), ("an unknown hint", head, "0a"), ("a network too many", head + 1, "09"),
           ("neither binary nor text", head + 2, "02"), ("a rate too fast", head + 3, "0004"), ("rates too fast together", head + 3, "ff030100"),
           ("a weight too large", head + 7 + maps, "01000800"), ("a weight too small", head + 7 + maps, "fffff7ff"), ("a final weight too large", head + 7 + maps + 4 * 34176, "01000800"),
           ("an end's weight too small", head + 7 + maps + 4 * 35200, "00000080")]
    return [{"kind": "content", "name": name, "at": at, "bytes": data} for name, at, data in bad] + [
        {"kind": "content", "name": f"{more:+d} bytes", "more": more} for more in (1, -1, -2240, -2241)]


def check_reject(good, vector):
    content = bytearray(good)
    if "more" in vector:
        content = content + bytes(vector["more"]) if vector["more"] > 0 else content[:vector["more"]]
    else:
        data = bytes.fromhex(vector["bytes"])
        content[vector["at"]:vector["at"] + len(data)] = data
    try:
        context_mixing.read_content(bytes(content))
    except ValueError:
        return
    raise AssertionError(vector["name"])


def main():
    write = sys.argv[1:] == ["write"]
    if write:
        document = make()
    else:
        with open(PATH, encoding="utf-8") as file:
            document = json.load(file)
    models = {name: load(description) for name, description in document["models"].items()}
    quick = os.environ.get("CONTEXT_MIXING_QUICK")  # leaves out what takes minutes
    held = 0
    for vector in document["valid"]:
        size = sum(len(bytes_of(m)) for m in [*vector["before"], vector["message"]])
        if quick and size > int(quick):
            continue
        begin = time.time()
        found = run(models[vector["model"]], vector)
        if write:
            vector.update(found)
            print(f"{vector['name']}: {size} bytes, {time.time() - begin:.1f} s", flush=True)
        else:
            assert all(vector[key] == value for key, value in found.items()), vector["name"]
        held += 1
    good = content_of(document["models"]["alone"])
    for vector in document["must_reject"]:
        check_reject(good, vector)
        held += 1
    if write:
        with open(PATH, "w", encoding="utf-8", newline="\n") as file:
            lists = ("valid", "must_reject")
            file.write("{\n" + "".join(f'"{key}": {json.dumps(value)},\n' for key, value in document.items() if key not in lists))
            file.write(",\n".join(f'"{key}": [\n' + ",\n".join(json.dumps(v) for v in document[key]) + "\n]" for key in lists) + "\n}\n")
    print(f"{held} vectors held")


if __name__ == "__main__":
    main()
