"""Small films for the vectors of video (section 14), and codes to be refused."""
from media_video import Shape


def film(noise, shape, frames, speed, grain):
    """A rough scene that moves by a quarter of `speed` a frame, and a little noise; planes one after another."""
    most, side, values = 2**shape.bits - 1, 24, []
    rough = [[noise.below(most + 1) for _ in range(side)] for _ in range(side)]
    for time in range(frames):
        for plane in range(shape.planes):
            (across, down), (width, height) = shape.steps(plane), shape.size(plane)
            for y in range(height):
                for x in range(width):
                    u, v = 2 * across * x + speed[0] * time, 2 * down * y + speed[1] * time
                    i, j, a, c = u // 8, v // 8, u % 8, v % 8
                    rows = [rough[(j + k + 5 * plane) % side] for k in (0, 1)]
                    upper, lower = [(8 - a) * row[i % side] + a * row[(i + 1) % side] for row in rows]
                    value = ((8 - c) * upper + c * lower >> 6) + noise.below(grain)
                    values.append(min(most, value))
    return values


def head(needed, whole, extent, written_varint, index=None):
    start = bytes([3, 64 * needed + 16 * whole.chroma + whole.bits - 1]) + written_varint(whole.width - 1)
    start += written_varint(whole.height - 1) + written_varint(extent)
    return start if index is None else start + written_varint(index)


def cases(noise, written_varint):
    """Names, heads, samples of the frames needed, of the part, bits, and fields; None where the SDK finds them."""
    for name, size, needed, frames, speed, grain in (
            ("a film of luma", (24, 20, 0, 8), 0, 2, (7, -3), 3),
            ("a film of 4:2:0, three frames of odd sides", (19, 9, 1, 8), 0, 3, (-5, 6), 4),
            ("a film of 4:2:2", (10, 18, 2, 8), 0, 2, (3, 2), 2),
            ("a film of 4:4:4 of 10 bits that needs a frame", (9, 8, 3, 10), 1, 2, (9, 5), 9),
            ("a film of 4:2:0 of 10 bits that needs two frames", (18, 12, 1, 10), 2, 1, (-6, -7), 5),
            ("a film of one sample of luma a frame", (1, 1, 1, 8), 0, 4, (4, 4), 9),
            ("a film of 16 bits with much that is white", (7, 6, 0, 16), 0, 3, (5, 1), 65536),
            ("a film that stands still", (20, 17, 0, 8), 2, 1, (0, 0), 1)):
        whole = Shape(*size)
        values, each = film(noise, whole, needed + frames, speed, grain), sum(whole.sizes())
        yield (name, head(needed, whole, 2 * frames - 2, written_varint), values[:needed * each],
               values[needed * each:], whole.bits, None)
    whole = Shape(17, 20, 1, 8)
    for name, index in (("a strip of a film of 4:2:0", 1), ("the last strip of a film of 4:2:0", 2)):
        values, strip = film(noise, whole, 3, (5, 9), 3), whole.cut(8 * index, 8)
        each = sum(whole.sizes())
        yield (name, head(2, whole, 17, written_varint, index), values[:2 * each],
               values[-sum(strip.sizes()):], 8, None)
    for name, size, needed, fields in (
            ("vectors as none looks for, 4:2:0", (19, 17, 1, 8), 1,
             [[[(4095, -4095), (-4095, 4095), (1, 2), (3, -1)]]]),
            ("vectors as none looks for, 4:2:2", (17, 5, 2, 8), 2, [[[(2, 3), (-7, -9)], [(-1000, 6), (13, 2)]]]),
            ("vectors beyond the limits", (33, 3, 0, 8), 1, [[[(9000, -9000), (4095, -4095), (-7000, 4000)]]])):
        whole = Shape(*size)
        values, each = film(noise, whole, needed + 1, (6, 3), 4), sum(whole.sizes())
        yield (name, head(needed, whole, 0, written_varint), values[:needed * each], values[needed * each:], 8, fields)
    whole = Shape(256, 4, 0, 8)  # of each block all quarters of columns and rows
    values = film(noise, whole, 2, (1, 1), 2)
    field = [(k % 4 + 4 * (k % 3 - 1), k // 4 - 4 * (k % 2)) for k in range(16)]
    yield ("vectors of all quarters", head(1, whole, 3, written_varint, 2), values[:1024], values[1536:1792], 8,
           [[field]])


def bad_codes(code, before, written_varint):
    """Codes to be refused by that of a film that needs frames, and with which error."""
    whole = Shape(16, 16, 1, 8)
    yield "a film without half of its code", 2, code[:len(code) // 2], before
    yield "a film with more behind it", 2, code + bytes(20), before
    yield "a film without the frames that it needs", 2, code, b""
    yield "a film with more frames than it needs", 2, code, before + before
    yield "a film that needs three frames", 2, bytes([3, code[1] | 0xC0]) + code[2:], before
    yield "a film without its frames' number", 2, code[:4], b""
    strips = (("a strip of an odd row", 2 * 7 + 1, 0), ("a strip of no rows", 1, 0),
              ("a strip of all rows", 2 * 16 + 1, 0), ("a strip behind the last one", 2 * 8 + 1, 2))
    for name, extent, index in strips:
        yield name, 2, head(0, whole, extent, written_varint, index) + bytes(40), b""
    yield "a film of too many rows", 2, head(0, Shape(1, 65537, 0, 8), 0, written_varint) + bytes(300), b""
    yield "a film of too many frames", 8, head(0, whole, 1 << 20, written_varint) + bytes(1 << 12), b""
    yield "a film of too few bytes for its samples", 8, head(0, whole, 198, written_varint) + bytes(100), b""
