"""Errors in units in the last place of the exact float32 result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DIGITS = 23  # of a float32's fraction
LEAST_EXPONENT = -126  # of a normal float32
GREATEST_EXPONENT = 127


def unit(exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance of float32 numbers around `exact`; among subnormals and at 0 it is 2^-149."""
    _, exponent = np.frexp(exact)
    exponent = np.clip(exponent - 1, LEAST_EXPONENT, GREATEST_EXPONENT)
    return np.ldexp(1.0, np.where(exact == 0, LEAST_EXPONENT, exponent) - DIGITS)


def errors(computed: NDArray[np.float32], exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """|computed - exact| / unit(exact). Infinity where that is NaN or overflowed without reason;
    0 where the exact result overflows alike, or is undefined (NaN)."""
    with np.errstate(over="ignore", invalid="ignore"):
        error = np.abs(computed.astype(np.float64) - exact) / unit(exact)
        overflowed_alike = np.isinf(computed) & (computed == exact.astype(np.float32))
    error[np.isnan(error)] = np.inf
    error[overflowed_alike | np.isnan(exact)] = 0
    return error


@dataclass(frozen=True)
class Worst:
    """The largest error, at the smallest |x| of those that have it."""

    ulp: float
    x: float
    computed: float
    exact: float


def worst(
    x: NDArray[np.float32], computed: NDArray[np.float32], exact: NDArray[np.float64]
) -> Worst:
    error = errors(computed, exact)
    largest = np.flatnonzero(error == error.max())
    i = largest[np.argmin(np.abs(x[largest]))]
    return Worst(float(error[i]), float(x[i]), float(computed[i]), float(exact[i]))
