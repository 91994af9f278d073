#!/usr/bin/env python3
"""Plain reference of the handshake and of sealed segments, from the spec's text and the standard library alone.

Prints the vectors: security_vectors.py segments > ../vectors/segments.json; security_vectors.py handshake > ../vectors/handshake.json;
security_vectors.py resumption > ../vectors/resumption.json
Slow, not constant-time, shares nothing with the SDK. Never use it for real keys.
"""
import hashlib
import hmac
import json
import struct
import sys

P = 2**255 - 19


def x25519(scalar: bytes, point: bytes) -> bytes:
    """RFC 7748, section 5."""
    k = bytearray(scalar)
    k[0] &= 248
    k[31] = (k[31] & 127) | 64
    k = int.from_bytes(k, "little")
    x1 = int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in reversed(range(255)):
        bit = (k >> t) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public(scalar: bytes) -> bytes:
    return x25519(scalar, (9).to_bytes(32, "little"))


def chacha_block(key: bytes, counter: int, nonce: bytes) -> bytes:
    """RFC 8439, section 2.3."""
    start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + [counter] + list(struct.unpack("<3I", nonce))
    s = start[:]

    def quarter(a, b, c, d):
        for x, y, z, r in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            v = s[z] ^ s[x]
            s[z] = ((v << r) | (v >> (32 - r))) & 0xFFFFFFFF

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(s, start)))


def poly1305(key: bytes, data: bytes) -> bytes:
    """RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) & (2**128 - 1)).to_bytes(16, "little")


def seal(key: bytes, n: int, ad: bytes, plain: bytes) -> bytes:
    """RFC 8439, section 2.8, with Noise's nonce."""
    nonce = bytes(4) + struct.pack("<Q", n)
    out = b""
    for i in range(0, len(plain), 64):
        out += bytes(a ^ b for a, b in zip(plain[i:i + 64], chacha_block(key, 1 + i // 64, nonce)))

    def pad(x):
        return x + bytes(-len(x) % 16)

    return out + poly1305(chacha_block(key, 0, nonce)[:32], pad(ad) + pad(out) + struct.pack("<QQ", len(ad), len(out)))


def rekey(key: bytes) -> bytes:
    return seal(key, 2**64 - 1, b"", bytes(32))[:32]


class Noise:
    """Noise revision 34 with BLAKE2b, for one side that knows every private key."""

    def __init__(self, name, prologue, premessages):
        name = name.encode()
        self.h = name.ljust(64, b"\0") if len(name) <= 64 else self.digest(name)
        self.ck, self.k, self.n = self.h, None, 0
        for part in [prologue] + premessages:
            self.mix_hash(part)

    @staticmethod
    def digest(data):
        return hashlib.blake2b(data).digest()

    def hkdf(self, data, count):
        temp = hmac.new(self.ck, data, hashlib.blake2b).digest()
        outs, last = [], b""
        for i in range(count):
            last = hmac.new(temp, last + bytes([i + 1]), hashlib.blake2b).digest()
            outs.append(last)
        return outs

    def mix_hash(self, data):
        self.h = self.digest(self.h + data)

    def mix_key(self, data):
        self.ck, k = self.hkdf(data, 2)
        self.k, self.n = k[:32], 0

    def mix_key_and_hash(self, data):
        self.ck, h, k = self.hkdf(data, 3)
        self.mix_hash(h)
        self.k, self.n = k[:32], 0

    def ephemeral(self, e, psk):
        self.mix_hash(public(e))
        if psk:
            self.mix_key(public(e))
        return public(e)

    def encrypt_and_hash(self, plain):
        out = seal(self.k, self.n, self.h, plain)
        self.n += 1
        self.mix_hash(out)
        return out

    def split(self):
        return [k[:32] for k in self.hkdf(b"", 2)]

    def resumption_secret(self):
        """02-handshake.md, 2.8: a third output of what the transport keys are."""
        return self.hkdf(b"", 3)[2][:32]

    def early_key(self, kept):
        return self.hkdf(self.digest(kept + self.h), 2)[0][:32]


def secret(label: str) -> bytes:
    return hashlib.sha256(("LinkCodec test vector: " + label).encode()).digest()


def short(offer):
    return offer[0][:4] + offer[1][:4]


def prologue(offer, header):
    return b"LinkCodec" + b"\x02" + offer[0] + offer[1] + header


def kkpsk0(keys, offer, initiator_tag, responder_tag, ei, er):
    """Both datagrams, the transport keys and the hash of a KKpsk0 handshake."""
    si, sr, psk = keys
    header = bytes([1, 0x21, initiator_tag]) + short(offer)
    noise = Noise("Noise_KKpsk0_25519_ChaChaPoly_BLAKE2b", prologue(offer, header), [public(si), public(sr)])
    noise.mix_key_and_hash(psk)
    message = noise.ephemeral(ei, True)
    noise.mix_key(x25519(ei, public(sr)))
    noise.mix_key(x25519(si, public(sr)))
    initiate = header + message + noise.encrypt_and_hash(b"")
    message = noise.ephemeral(er, True)
    noise.mix_key(x25519(er, public(ei)))
    noise.mix_key(x25519(er, public(si)))
    respond = bytes([2, initiator_tag]) + message + noise.encrypt_and_hash(bytes([responder_tag]))
    first, second = noise.split()
    return initiate, respond, first, second, noise.h


def name_of(kept):
    """The number of a secret on the wire, and the tag of early segments."""
    digest = hashlib.blake2b(b"LinkCodec resumption" + kept, digest_size=32).digest()
    return digest[:8], digest[8] & 0x7F


def resumed(keys, offer, tags, kept, ei, er, known, plain):
    """A Resume with one early segment, and its answer."""
    si, sr, psk = keys
    initiator_tag, responder_tag = tags
    number, early_tag = name_of(kept)
    clear = bytes([6, 0x21, initiator_tag]) + short(offer) + number
    noise = Noise("Noise_KKpsk0_25519_ChaChaPoly_BLAKE2b", prologue(offer, clear), [public(si), public(sr)])
    noise.mix_key_and_hash(psk)
    message = noise.ephemeral(ei, True)
    noise.mix_key(x25519(ei, public(sr)))
    noise.mix_key(x25519(si, public(sr)))
    resume = clear + message + noise.encrypt_and_hash(b"")
    early = noise.early_key(kept)
    header = struct.pack(">I", 0x80000000 | early_tag << 24)
    message = noise.ephemeral(er, True)
    noise.mix_key(x25519(er, public(ei)))
    noise.mix_key(x25519(er, public(si)))
    respond = bytes([2, initiator_tag]) + message + noise.encrypt_and_hash(bytes([responder_tag ^ (early_tag == responder_tag), known]))
    first, second = noise.split()
    return {"secret": kept.hex(), "number": number.hex(), "early_tag": early_tag, "known": bool(known), "resume": resume.hex(),
            "early_plaintext": plain.hex(), "early_segment": (header + seal(early, 0, header, plain)).hex(), "respond": respond.hex(),
            "initiator_key": first.hex(), "responder_key": second.hex(), "next_secret": noise.resumption_secret().hex()}


def resumption():
    keys = secret("initiator"), secret("responder"), secret("psk")
    offer = secret("snapshot a"), secret("fingerprint a")
    kept, ei, er = secret("resumption"), secret("ephemeral 3"), secret("responder's ephemeral 3")
    shared = {"pattern": "KKpsk0", "hash": "BLAKE2b", "initiator_static": keys[0].hex(), "responder_static": keys[1].hex(),
              "psk": keys[2].hex(), "initiator_tag": 0x2A, "name": offer[0].hex(), "fingerprint": offer[1].hex(),
              "initiator_random": ei.hex(), "responder_random": er.hex()}
    same = name_of(kept)[1]

    def entry(name, tag, known):
        return {"name": name, "responder_tag": tag, **resumed(keys, offer, (0x2A, tag), kept, ei, er, known, b"\x01early")}

    known = entry("the responder knows the secret", 0x55, 1)
    valid = [known, {**entry("the responder has spent it, or never had it", 0x55, 0)},
             entry("the responder's tag would be that of early segments", same, 1)]
    resume, segment = bytes.fromhex(known["resume"]), bytes.fromhex(known["early_segment"])

    def flip(data, at):
        return (data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]).hex()

    reject = [{"name": f"a flipped bit: {name}", "resume": flip(resume, at)}
              for name, at in (("kind", 0), ("pattern", 1), ("tag", 2), ("snapshot", 3), ("number", 11), ("last of the number", 18),
                               ("ephemeral", 19), ("authentication tag", 66))]
    reject += [{"name": "cut short", "resume": resume[:-1].hex()}, {"name": "a byte more", "resume": resume.hex() + "00"},
               {"name": "an Initiate's length", "resume": (resume[:11] + resume[19:]).hex()}]
    reject += [{"name": f"an early segment with a flipped bit: {name}", "early_segment": flip(segment, at)}
               for name, at in (("counter", 3), ("frames", 4), ("authentication tag", len(segment) - 1))]
    return {"feature": "resumption", "spec": "02-handshake.md", "made_by": "reference/security_vectors.py", "shared": shared,
            "valid": valid, "must_reject": reject}


def refuse(keys, initiate, code, holds, e):
    si, sr, _ = keys
    clear = bytes([5, initiate[2], code, len(holds)]) + b"".join(short(h) for h in holds)
    bound = b"LinkCodec refusal" + clear + hashlib.blake2b(initiate, digest_size=32).digest()
    noise = Noise("Noise_K_25519_ChaChaPoly_BLAKE2b", bound, [public(sr), public(si)])
    message = noise.ephemeral(e, False)
    noise.mix_key(x25519(e, public(si)))
    noise.mix_key(x25519(sr, public(si)))
    return clear + message + noise.encrypt_and_hash(b"")


def handshake():
    keys = secret("initiator"), secret("responder"), secret("psk")
    a = secret("snapshot a"), secret("fingerprint a")
    b = secret("snapshot b"), secret("fingerprint b")
    other = b[0], secret("fingerprint b elsewhere")
    e1, e2, er, ek = (secret(x) for x in ("ephemeral 1", "ephemeral 2", "responder's ephemeral", "refusal's ephemeral"))
    shared = {
        "pattern": "KKpsk0", "hash": "BLAKE2b", "initiator_static": keys[0].hex(), "responder_static": keys[1].hex(),
        "psk": keys[2].hex(), "initiator_tag": 0x2A, "responder_tag": 0x55,
    }

    def offers(*items):
        return [{"name": n.hex(), "fingerprint": f.hex()} for n, f in items]

    def established(offer, e):
        initiate, respond, first, second, h = kkpsk0(keys, offer, 0x2A, 0x55, e, er)
        return {"initiate": initiate.hex(), "respond": respond.hex(), "initiator_key": first.hex(), "responder_key": second.hex(),
                "handshake_hash": h.hex()}

    first = kkpsk0(keys, a, 0x2A, 0x55, e1, er)[0]
    plain = {"name": "both hold the snapshot", "initiator_offers": offers(a), "responder_offers": offers(b, a),
             "initiator_random": e1.hex(), "responder_random": er.hex(), **established(a, e1)}
    refused = {"name": "refused, then a common snapshot", "initiator_offers": offers(a, b), "responder_offers": offers(b),
               "initiator_random": (e1 + e2).hex(), "responder_random": (ek + er).hex(), "refused_initiate": first.hex(),
               "refuse": refuse(keys, first, 4, [b], ek).hex(), **established(b, e2)}
    first_b = kkpsk0(keys, b, 0x2A, 0x55, e1, er)[0]
    initiate, respond = (bytes.fromhex(plain[x]) for x in ("initiate", "respond"))
    reject = [
        {"name": "numerics mismatch", "initiator_offers": offers(b), "responder_offers": offers(other), "initiator_random": e1.hex(),
         "responder_random": ek.hex(), "initiate": first_b.hex(), "refuse": refuse(keys, first_b, 5, [other], ek).hex(),
         "error": "NumericsMismatch"},
        {"name": "no common snapshot", "initiator_offers": offers(a), "responder_offers": offers(b), "initiator_random": e1.hex(),
         "responder_random": ek.hex(), "initiate": first.hex(), "refuse": refuse(keys, first, 4, [b], ek).hex(),
         "error": "SnapshotMismatch"},
    ]

    def flip(data, at):
        return (data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]).hex()

    for name, at in (("tag", 2), ("ephemeral", 11), ("authentication tag", 58)):
        reject.append({"name": f"initiate with a flipped bit: {name}", "to_responder": flip(initiate, at)})
    reject.append({"name": "initiate cut short", "to_responder": initiate[:-1].hex()})
    reject.append({"name": "initiate with a byte more", "to_responder": initiate.hex() + "00"})
    reject.append({"name": "initiate with an ephemeral key of low order", "to_responder": (initiate[:11] + bytes(32) + initiate[43:]).hex()})
    reject.append({"name": "respond reflected", "to_responder": respond.hex()})
    for name, at in (("kind", 0), ("tag", 1), ("ephemeral", 2), ("responder's tag", 34), ("authentication tag", 50)):
        reject.append({"name": f"respond with a flipped bit: {name}", "to_initiator": flip(respond, at)})
    reject.append({"name": "respond cut short", "to_initiator": respond[:-1].hex()})
    reject.append({"name": "respond with an ephemeral key of low order", "to_initiator": (respond[:2] + bytes(32) + respond[34:]).hex()})
    reject.append({"name": "initiate reflected", "to_initiator": initiate.hex()})
    reject.append({"name": "refusal of another initiate", "to_initiator": refuse(keys, first_b, 4, [b], ek).hex()})
    reject.append({"name": "refusal without proof", "to_initiator": refuse(keys, initiate, 4, [b], ek)[:-48].hex()})
    return {"feature": "handshake", "spec": "02-handshake.md", "made_by": "reference/security_vectors.py", "shared": shared,
            "valid": [plain, refused], "must_reject": reject}


def segments():
    key, tag = secret("transport key"), 0x2A

    def sealed(counter, plain, ratchets=0):
        k = key
        for _ in range((counter >> 20) + ratchets):
            k = rekey(k)
        header = struct.pack(">I", 0x80000000 | tag << 24 | counter & 0xFFFFFF)
        return header + seal(k, counter, header, plain)

    def entry(name, counter, plain, highest=None):
        return {"name": name, "after": highest, "counter": counter, "plaintext": plain.hex(), "segment": sealed(counter, plain).hex()}

    def step(counter, ratchets, opens=True):
        plain = bytes([counter & 0xFF, ratchets])
        return {"counter": counter, "ratchets": ratchets, "plaintext": plain.hex(), "segment": sealed(counter, plain, ratchets).hex(),
                "opens": opens}

    ratchet = [
        {"name": "the next key after any counter", "steps": [step(0, 0), step(1, 0), step(2, 1), step(3, 1), step(4, 2)]},
        {"name": "segments that were overtaken", "steps": [step(0, 0), step(7, 1), step(5, 1), step(2, 0), step(6, 1), step(4, 0)]},
        {"name": "two at once are too many", "steps": [step(0, 0), step(1, 2, False), step(2, 1), step(3, 2)]},
        {"name": "never back", "steps": [step(0, 0), step(1, 1), step(2, 0, False), step(3, 1)]},
        {"name": "beside the epochs of counters", "steps": [step((1 << 20) - 1, 0), step(1 << 20, 0), step((1 << 20) + 1, 1),
                                                            step((1 << 20) - 2, 0)]},
    ]
    text = b"the same words again and again, the same words again"
    valid = [
        entry("first", 0, b"\x01"), entry("empty", 1, b""), entry("longer than a block", 2, text * 2),
        entry("last of epoch 0", (1 << 20) - 1, text), entry("first of epoch 1", 1 << 20, text, (1 << 20) - 1),
        entry("an old epoch inside the window", (1 << 20) - 2, text, 1 << 20),
        entry("low bits wrap", 1 << 24, text, (1 << 24) - 1), entry("eight epochs ahead", (1 << 23) + 5, text, 7),
        entry("oldest in the window", 10_000 - 8191, text, 10_000),
    ]
    good = sealed(0, text)

    def reject(name, data, *before):
        return {"name": name, "after": [sealed(c, b"\x01").hex() for c in before], "segment": data.hex()}

    bad = [reject(f"flipped bit {bit}", bytes(b ^ (1 << bit % 8 if i == bit // 8 else 0) for i, b in enumerate(good)))
           for bit in (0, 7, 24, 31, 32, 200, 8 * len(good) - 1)]
    bad += [reject(f"cut to {n} bytes", good[:n]) for n in (0, 1, 3, 4, 19, 20, len(good) - 1)]
    bad += [reject("a byte more", good + b"\0"), reject("replayed", sealed(5, b"\x01"), 5),
            reject("older than the window", sealed(10_000 - 8192, text), 10_000),
            reject("more than 2^23 ahead", sealed((1 << 23) + 1, text)),
            reject("sealed with the key of epoch 0 in epoch 1", (lambda h: h + seal(key, 1 << 20, h, text))(
                struct.pack(">I", 0x80000000 | tag << 24 | 1 << 20)))]
    return {"feature": "segments", "spec": "03-segments.md", "made_by": "reference/security_vectors.py", "key": key.hex(), "tag": tag,
            "valid": valid, "must_reject": bad, "ratchet": ratchet}


if __name__ == "__main__":
    print(json.dumps({"segments": segments, "handshake": handshake, "resumption": resumption}[sys.argv[1]](), indent=1))
