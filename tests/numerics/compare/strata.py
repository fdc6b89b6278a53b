"""Where results are compared: float32 inputs that reach every exponent, the range in which
activations bend, the tails in which exponentials underflow, and the neighbourhood of every kink
and of every root of a derivative. The same numbers on every machine, without a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0.6180339887498949  # its multiples modulo 1 fill an interval evenly
SUBNORMAL_AND_NORMAL_EXPONENTS = 255  # as stored: 0 is subnormal, 255 would be infinity or NaN
DENSE = (-110.0, 110.0)
TAILS = ((-110.0, -80.0), (-20.0, -3.0), (80.0, 110.0))

# Roots of first and second derivatives; kinks; where peers change from one formula to another.
ROOTS = (
    -0.75179152469356445746,  # gelu'
    -0.75246142207101625849,  # gelu_tanh'
    -1.2784645427610737951,  # silu'
    -1.1924312145154952121,  # mish'
    -(2**0.5),  # gelu''
    2**0.5,
    -2.39935728051547,  # silu''
    2.39935728051547,
    -2.25637639636,  # mish''
    1.49057117949,
)
KINKS = (0.5, 1.0, 1.5, 3.0, 5.0, 6.0, 8.0, 9.0, 10.0, 17.0, 20.0, 87.0, 88.0, 89.0, 104.0)


def inputs(points: int) -> NDArray[np.float32]:
    """About `points` numbers, ascending, each once."""
    parts = [
        _all_exponents(points // 4),
        _even(DENSE, points // 3),
        *(_even(tail, points // 12) for tail in TAILS),
        *(_neighbours(root, points // 100) for root in ROOTS),
        *(_neighbours(sign * kink, points // 1000) for kink in KINKS for sign in (-1, 1)),
    ]
    return np.unique(np.concatenate(parts))


def all_of_bfloat16() -> NDArray[np.float32]:
    """Every finite one, ascending."""
    bits = np.arange(1 << 16, dtype=np.uint32) << 16
    numbers = bits.view(np.float32)
    return np.unique(numbers[np.isfinite(numbers)])


def _all_exponents(points: int) -> NDArray[np.float32]:
    each = max(1, points // (2 * SUBNORMAL_AND_NORMAL_EXPONENTS))
    fractions = (_fractions(each) * 2**23).astype(np.uint32)
    exponents = np.arange(SUBNORMAL_AND_NORMAL_EXPONENTS, dtype=np.uint32) << 23
    positive = (exponents[:, None] | fractions[None, :]).ravel().view(np.float32)
    return np.concatenate([positive, -positive, np.array([0.0], dtype=np.float32)])


def _even(interval: tuple[float, float], points: int) -> NDArray[np.float32]:
    low, high = interval
    return (low + (high - low) * _fractions(points)).astype(np.float32)


def _neighbours(place: float, points: int) -> NDArray[np.float32]:
    """Half of them next to each other around `place`, half ever farther from it, up to 0.1."""
    centre = np.float32(place).view(np.int32)
    side = max(1, points // 4)
    adjacent = (centre + np.arange(-side, side + 1, dtype=np.int32)).view(np.float32)
    distances = np.geomspace(1e-7, 0.1, side)
    return np.concatenate(
        [adjacent, (place - distances).astype(np.float32), (place + distances).astype(np.float32)]
    )


def _fractions(points: int) -> NDArray[np.float64]:
    """In [0, 1)."""
    return np.arange(points, dtype=np.float64) * GOLDEN % 1.0
