"""Errors in units in the last place of the exact result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Format:
    """A binary floating-point format."""

    digits: int  # of the fraction
    least_exponent: int  # of a normal number
    greatest_exponent: int

    def unit(self, exact: NDArray[np.float64]) -> NDArray[np.float64]:
        """The distance of neighbours around `exact`; the least one among subnormals and at 0."""
        _, exponent = np.frexp(exact)
        exponent = np.clip(exponent - 1, self.least_exponent, self.greatest_exponent)
        exponent = np.where(exact == 0, self.least_exponent, exponent)
        return np.ldexp(1.0, exponent - self.digits)

    def overflows(self, exact: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the nearest number is infinity."""
        last = 2.0**self.greatest_exponent
        overflow: NDArray[np.bool_] = np.abs(exact) >= last * (2 - 2.0 ** (-self.digits - 1))
        return overflow


FORMATS = {"float32": Format(23, -126, 127), "bfloat16": Format(7, -126, 127)}


def errors(
    computed: NDArray[np.float32], exact: NDArray[np.float64], form: Format
) -> NDArray[np.float64]:
    """|computed - exact| in units. Infinity where that is NaN or overflowed without reason; 0
    where the exact result overflows alike, or is undefined (NaN)."""
    with np.errstate(invalid="ignore"):
        error = np.abs(computed.astype(np.float64) - exact) / form.unit(exact)
    alike = np.isinf(computed) & form.overflows(exact) & (np.sign(computed) == np.sign(exact))
    error[np.isnan(error)] = np.inf
    error[alike | np.isnan(exact)] = 0
    return error


@dataclass(frozen=True)
class Worst:
    """The largest error, at the smallest |x| of those that have it."""

    ulp: float
    x: float
    computed: float
    exact: float


def worst(
    x: NDArray[np.float32],
    computed: NDArray[np.float32],
    exact: NDArray[np.float64],
    form: Format,
) -> Worst:
    error = errors(computed, exact, form)
    largest = np.flatnonzero(error == error.max())
    i = largest[np.argmin(np.abs(x[largest]))]
    return Worst(float(error[i]), float(x[i]), float(computed[i]), float(exact[i]))
