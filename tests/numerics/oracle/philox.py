"""Philox4x32-10 (Salmon et al., SC 2011): the draws of activations that are random."""

from __future__ import annotations

import math

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
WORD = 1 << 32


def block(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """The four words at a counter of four words, under a key of two."""
    for _ in range(10):
        first, second = MULTIPLIERS[0] * counter[0], MULTIPLIERS[1] * counter[2]
        counter = (
            second // WORD ^ counter[1] ^ key[0],
            second % WORD,
            first // WORD ^ counter[3] ^ key[1],
            first % WORD,
        )
        key = tuple((k + w) % WORD for k, w in zip(key, WEYL, strict=True))
    return counter


def uniform(seed: int, index: int) -> float:
    """In [0, 1), a multiple of 2**-53."""
    low, high, _, _ = block((index % WORD, index // WORD, 0, 0), (seed % WORD, seed // WORD))
    return ((high * WORD + low) >> 11) * 2.0**-53


def inner_uniform(seed: int, index: int) -> float:
    """In (0, 1): the middle of that one of 2**52 parts that the draw is in."""
    return (math.floor(uniform(seed, index) * 2.0**52) + 0.5) * 2.0**-52
