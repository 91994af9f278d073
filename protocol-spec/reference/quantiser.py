"""Frequencies from weights, section 5.3."""


def cumulatives(weights, bits, allowed=None):
    """The lower end of every symbol's interval, and the sum at the end (5.3-1)."""
    symbols = len(weights)
    if allowed is None:
        allowed = [True] * symbols
    if not 2 <= symbols <= 2**18 or not 16 <= bits <= 24 or symbols > 2 ** (bits - 1) or len(allowed) != symbols:
        raise ValueError("alphabet, scale or mask")
    if any(not 0 <= w <= 2**22 for w, ok in zip(weights, allowed) if ok):
        raise ValueError("weight")
    total = sum(w for w, ok in zip(weights, allowed) if ok)
    count = sum(1 for ok in allowed if ok)
    if total == 0 or count < 2:
        raise ValueError("nothing to choose from")
    ends = []
    before = 0
    allowed_before = 0
    for weight, ok in zip(weights, allowed):
        ends.append(before * (2**bits - count) // total + allowed_before)
        if ok:
            before += weight
            allowed_before += 1
    ends.append(2**bits)
    return ends


def find(ends, position):
    """The symbol whose interval holds the position."""
    for symbol in range(len(ends) - 1):
        if ends[symbol] <= position < ends[symbol + 1]:
            return symbol
    raise ValueError("position")
