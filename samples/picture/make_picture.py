"""Makes a picture that looks a little like a photograph: ridges under a sky, with texture, soft edges and noise.

usage: make_picture.py OUTPUT.ppm|OUTPUT.png [WIDTH HEIGHT]

The same pixels on every machine: whole numbers alone, and no random source. Nothing but the standard library.
"""
import functools
import struct
import sys
import zlib

ONE = 1 << 12


def draw(x, y, seed):
    """A number below 65,536 that belongs to a place."""
    value = (x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ seed * 0xC2B2AE3D) & 0xFFFFFFFF
    for factor in (0x7FEB352D, 0x846CA68B):
        value = ((value ^ value >> 15) * factor) & 0xFFFFFFFF
    return (value ^ value >> 16) & 0xFFFF


def smooth(x, y, cell, seed):
    """Values of a lattice, and what lies between them."""
    (cx, fx), (cy, fy) = divmod(x, cell), divmod(y, cell)
    fx, fy = (f * ONE // cell for f in (fx, fy))
    fx, fy = (f * f // ONE * (3 * ONE - 2 * f) // ONE for f in (fx, fy))
    row = [draw(cx, cy + i, seed) * (ONE - fx) + draw(cx + 1, cy + i, seed) * fx for i in (0, 1)]
    return (row[0] * (ONE - fy) + row[1] * fy) // (ONE * ONE)


def texture(x, y, cell, seed):
    """Ever finer detail, each half as strong as the one before: 0 to 65,535 about."""
    total, share = 0, 2
    while cell >= 2:
        total += smooth(x, y, cell, seed + cell) // share
        cell, share = cell // 2, share * 2
    return total


@functools.lru_cache(maxsize=None)
def ridge(x, layer, height):
    """The row at which a layer of hills begins."""
    return height * layer // 6 + texture(x, 0, 16 << layer, 7 * layer) * height // (65536 * 3)


def colour(x, y, width, height):
    """What would be seen without a camera's noise: three numbers on a scale of 65,536."""
    for layer in range(4, 0, -1):
        depth = y - ridge(x, layer, height)
        if depth >= 0:
            light = 29000 - layer * 4000 + texture(x + 31 * layer, y, 8 << layer, layer) // (1 + 4 // layer) \
                + max(0, 6000 - depth * 300)
            haze = (5 - layer) * 2500
            return light * 3 // 4 + haze, light * 7 // 8 + haze, light // 2 + haze * 2
    cloud = max(0, texture(x, 2 * y, 64, 99) - 30000)
    return (22000 + y * 20000 // height + cloud, 30000 + y * 16000 // height + cloud * 7 // 8,
        47000 + y * 6000 // height + cloud // 2)


def write_png(file, pixels, width, height):
    """As most programs do: each row, less the pixel to the left, by zlib."""
    rows = bytearray()
    for y in range(height):
        row = pixels[3 * width * y:3 * width * (y + 1)]
        rows += b"\1" + row[:3] + bytes((now - left) & 255 for now, left in zip(row[3:], row))
    file.write(b"\x89PNG\r\n\x1a\n")
    for name, data in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")):
        file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))


def main():
    path = sys.argv[1]
    width, height = (int(size) for size in sys.argv[2:4] or (256, 192))
    seen = [[colour(x, y, width, height) for x in range(width + 1)] for y in range(height + 1)]
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            for plane in range(3):
                # A lens mixes neighbours, and light comes in grains: the more light, the more noise.
                value = (2 * seen[y][x][plane] + seen[y][x + 1][plane] + seen[y + 1][x][plane]) // 4
                grain = sum(draw(x, y, 1000 + 10 * plane + i) for i in range(4)) - 2 * 65535
                pixels.append(min(255, max(0, (value + grain * (300 + value // 80) // 65536) >> 8)))
    with open(path, "wb") as file:
        if path.endswith(".png"):
            write_png(file, bytes(pixels), width, height)
        else:
            file.write(b"P6\n%d %d\n255\n" % (width, height) + pixels)


main()
