"""From logits to the integer frequencies that the coder uses (quantiser version 1).

Shared with the decoder: every step is integer arithmetic and the only table is shipped as data.
"""
import math

import numpy as np

SYMBOLS = 257
BITS = 20                      # frequencies sum to 2^20
TABLE_SIZE = 1024


def weights_table():
    """w[d] = round(exp(-d/64) * 2^22) for d 64ths of a nat below the best symbol; the last entry is 0."""
    table = np.array([round(math.exp(-d / 64) * (1 << 22)) for d in range(TABLE_SIZE)], np.uint32)
    table[-1] = 0
    return table


def cumulative(logits, table):
    """Integer logits [..., V] to cumulative frequencies [..., V + 1], from 0 to 2^BITS; each symbol has at least 1."""
    logits = np.asarray(logits, np.int64)
    distance = np.clip(logits.max(-1, keepdims=True) - logits, 0, TABLE_SIZE - 1)
    sums = np.cumsum(table[distance].astype(np.uint64), axis=-1)
    total, count = sums[..., -1:], np.uint64(logits.shape[-1])
    upper = sums * ((np.uint64(1) << np.uint64(BITS)) - count) // total
    upper += np.arange(1, logits.shape[-1] + 1, dtype=np.uint64)
    return np.concatenate([np.zeros_like(upper[..., :1]), upper], -1)


def frequencies(logits, table):
    """Integer logits [..., V] to frequencies [..., V] as uint32."""
    return np.diff(cumulative(logits, table), axis=-1).astype(np.uint32)
