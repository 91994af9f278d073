"""Logarithms, grades of errors and the logistic distribution of section 13.1."""
from functools import lru_cache

from context_mixing import clamp

LN2 = 2977044471
ONE = 2**30


@lru_cache(maxsize=None)
def log256(n):
    """The binary logarithm in 256ths (10.1-3)."""
    log = n.bit_length() - 1
    m = n * 2**32 >> log
    for _ in range(8):
        m = m * m // 2**32
        log *= 2
        if m >= 2**33:
            m //= 2
            log += 1
    return log


MANTISSAS = [(log256(1024 + n) - 2560) * LN2 // 2**32 for n in range(1024)]
EXPONENTS = [256 * log * LN2 // 2**32 for log in range(32)]


def ln(v):
    log = v.bit_length() - 1
    return EXPONENTS[log] + MANTISSAS[(v * 2**10 >> log) - 1024]


def logit(below, above):
    return clamp(ln(above) - ln(below), -2047, 2047)


@lru_cache(maxsize=None)
def grade(e):
    if e < 4096:
        return (log256(80 + 13 * e) - log256(80)) * 52 // 2560
    return grade(min(e >> 8, 4095)) + 42


def level(e, n):
    return min(grade(e), n - 1)


@lru_cache(maxsize=None)
def least(a_level):
    e = 0
    while grade(e) < a_level:
        e += 1
    return e


def shift(a_level):
    return 0 if a_level < 24 else 1 + (a_level - 24) * 10 // 52


def _tails():
    tails, e = [], 2**62
    for _ in range(1280):
        tails.append(e * ONE // (2**62 + e))
        e = e * 9080376907458843209 // 2**63
    return tails


TAILS = _tails()


def logistic(a):
    d = min(abs(a), 20463)
    k = d >> 4
    t = TAILS[k] - ((TAILS[k] - TAILS[k + 1]) * (d & 15) >> 4)
    return t if a < 0 else ONE - t


def truncated(a, b):
    """a / b, rounded towards 0; b is above 0."""
    return a // b if a >= 0 else -(-a // b)


def signed32(n):
    return (n + 2**31) % 2**32 - 2**31
