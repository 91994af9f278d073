#!/usr/bin/env python3
"""A slow, plain reader of section 8 (the file as a link), and the maker of vectors/file-format.json.

Run it in this folder: ./file_format.py > ../vectors/file-format.json
"""
import json

MAGIC = b"LNKCODC"
MARKER = bytes.fromhex("1acffc1d")


def record(datagram):
    return MARKER + len(datagram).to_bytes(2, "big") + datagram


def begins(data, at):
    """The length of the record that begins here, or 0."""
    if data[at:at + 4] != MARKER or at + 6 > len(data):
        return 0
    return int.from_bytes(data[at + 4:at + 6], "big")


def framed(data, at):
    end = at + 6 + begins(data, at)
    return begins(data, at) > 0 and (end == len(data) or data[end:end + 4] == MARKER)


def next_marker(data, at):
    found = data.find(MARKER, at)
    return len(data) if found < 0 else found


def read(data):
    """(datagrams, skipped bytes, whether segments may go on from earlier ones), or the name of the error."""
    if data[:7] == MAGIC and len(data) >= 8 and data[7] not in (3, 4):
        return "VersionMismatch"
    if len(data) < 8 or (data[:7] != MAGIC and data[8:12] != MARKER):
        return "Malformed"
    at, datagrams, skipped = 8, [], 0 if data[:7] == MAGIC else 8
    while at < len(data):
        length = begins(data, at)
        end = at + 6 + length
        inside = 0 if framed(data, at) or length == 0 else next((q for q in range(at + 1, min(end, len(data))) if framed(data, q)), 0)
        if length == 0 or inside or end > len(data):
            to = inside or next_marker(data, at + 1)
            skipped += to - at
            at = to
        else:
            datagrams.append(data[at + 6:end])
            at = end
    return datagrams, skipped, data[:7] != MAGIC or data[7] == 4  # 8.1-4


def flip(data, at, mask=0xFF):
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]


def main():
    header = MAGIC + b"\x03"
    a, b, c = bytes(range(20)), bytes(range(100, 140)), b"\x80last"
    whole = header + record(a) + record(b) + record(c)
    second = len(header + record(a))
    third = second + len(record(b))
    nested = record(b"nested")
    files = {
        "empty": header,
        "one datagram of one byte": header + record(b"\x00"),
        "three datagrams": whole,
        "the longest datagram's length of two bytes": header + record(bytes(300)),
        "a datagram full of markers": header + record(MARKER * 5) + record(a),
        "a datagram that holds a whole record": header + record(b"x" + nested + nested + b"y") + record(a),
        "a datagram that ends in the first bytes of a marker": header + record(b"\x1a\xcf\xfc") + record(a),
        "damaged header before a record": flip(whole, 0),
        "damaged version with a damaged magic": flip(flip(whole, 7), 2),
        "damaged marker of the first record": flip(whole, 8),
        "damaged marker of the second record": flip(whole, second + 2),
        "damaged marker of the last record": flip(whole, third),
        "length too great": flip(whole, second + 4, 0x01),
        "length greater, still in the file": flip(header + record(a) + record(bytes(4)) + record(b) + record(bytes(300)), second + 5, 0x20),
        "length too small": flip(whole, second + 5, 0x08),
        "length zero": whole[:second + 4] + b"\0\0" + whole[second + 6:],
        "bytes missing inside a datagram": whole[:second + 10] + whole[second + 20:],
        "bytes added inside a datagram": whole[:second + 10] + bytes(7) + whole[second + 10:],
        "bytes added between records": whole[:third] + b"\x1a\xcf\x1a" + whole[third:],
        "two neighbouring markers damaged": flip(flip(whole, second), third),
        "cut off inside a datagram": whole[:-2],
        "cut off inside a length": whole[:third + 5],
        "cut off inside a marker": whole[:third + 3],
        "chained": MAGIC + b"\x04" + record(a),
        "damaged bytes inside a datagram only": flip(whole, second + 12),
    }
    rejects = {
        "no byte": b"",
        "header cut off": header[:7],
        "other magic": b"LNKCODE\x03" + bytes(20),
        "text": b"Some text that is no such file.\n",
        "version 1, of an earlier release": MAGIC + b"\x01" + record(a),
        "version 2, of an earlier release": MAGIC + b"\x02" + record(a),
        "version 5": MAGIC + b"\x05" + record(a),
        "version 0": MAGIC + b"\x00",
    }
    valid = []
    for name, data in files.items():
        datagrams, skipped, chained = read(data)
        valid.append({"name": name, "file": data.hex(), "datagrams": [d.hex() for d in datagrams], "skipped_bytes": skipped, "may_chain": chained})
    must_reject = [{"name": name, "file": data.hex(), "error": read(data)} for name, data in rejects.items()]
    print(json.dumps({"feature": "file-format", "valid": valid, "must_reject": must_reject}, indent=1))


if __name__ == "__main__":
    main()
