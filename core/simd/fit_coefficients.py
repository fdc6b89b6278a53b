#!/usr/bin/env python3
"""Fits the polynomials of math-inl.h and writes coefficients.h.

Each is interpolated at Chebyshev nodes with 60 digits, which is within a small factor of the
best polynomial; its relative error on the interval is written beside it. Run it with Debian's
python3 and python3-mpmath: /usr/bin/python3 core/simd/fit_coefficients.py
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60

Function = Callable[[mp.mpf], mp.mpf]


@dataclass(frozen=True)
class Polynomial:
    """A polynomial to be fitted to `function` over [low, high]."""

    name: str
    comment: str
    function: Function
    low: mp.mpf
    high: mp.mpf
    degree: int

    def coefficients(self) -> list[mp.mpf]:
        count = self.degree + 1
        center, radius = (self.low + self.high) / 2, (self.high - self.low) / 2
        nodes = [center + radius * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
        powers = mp.matrix(count, count)
        values = mp.matrix(count, 1)
        for row, node in enumerate(nodes):
            values[row] = self.function(node)
            for column in range(count):
                powers[row, column] = node**column
        return list(mp.lu_solve(powers, values))

    def relative_error(self, coefficients: list[mp.mpf]) -> mp.mpf:
        steps = 1000
        points = (self.low + (self.high - self.low) * k / steps for k in range(steps + 1))
        return max(
            abs(mp.polyval(coefficients[::-1], point) / self.function(point) - 1)
            for point in points
        )


def expm1_rest(r: mp.mpf) -> mp.mpf:
    if abs(r) < mp.mpf(10) ** -15:
        return mp.mpf(1) / 2 + r / 6 + r**2 / 24
    return (mp.expm1(r) - r) / r**2


def log_rest(z: mp.mpf) -> mp.mpf:
    if z < mp.mpf(10) ** -15:
        return mp.mpf(2) / 3 + 2 * z / 5
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) - 2 * s) / (s * z)


MILLS_CENTER = 6
MILLS_FAR = 40


def scaled_mills(w: mp.mpf) -> mp.mpf:
    t = MILLS_CENTER * (1 + w) / (1 - w)
    return (1 + t) * mp.sqrt(mp.pi / 2) * mp.erfc(t / mp.sqrt(2)) * mp.exp(t * t / 2)


def celu_slope_rest(t: mp.mpf) -> mp.mpf:
    if abs(t) < mp.mpf(10) ** -15:
        return mp.mpf(1) / 2 + t / 3 + t * t / 8
    return (t * mp.exp(t) - mp.expm1(t)) / t**2


HALF_LN2 = mp.log(2) / 2 * mp.mpf("1.0001")
TABLE_SIZE = 16
LOG_LIMIT = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")

POLYNOMIALS = [
    Polynomial(
        "kExpm1Rest",
        "(e^r - 1 - r) / r^2 for |r| <= ln(2)/2",
        expm1_rest,
        -HALF_LN2,
        HALF_LN2,
        10,
    ),
    Polynomial(
        "kLogRest",
        "(2 atanh(s) - 2s) / s^3 in s^2, for 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1)",
        log_rest,
        mp.mpf(0),
        LOG_LIMIT,
        7,
    ),
    Polynomial(
        "kScaledMills",
        "(1 + t) Q(t)/phi(t), from the normal tail, in w = (t - 6)/(t + 6), for 0 <= t <= 40",
        scaled_mills,
        mp.mpf(-1),
        mp.mpf(MILLS_FAR - MILLS_CENTER) / (MILLS_FAR + MILLS_CENTER),
        23,
    ),
    Polynomial(
        "kExpSlopeRest",
        "(t e^t - (e^t - 1)) / t^2 for -1/2 <= t <= 0",
        celu_slope_rest,
        mp.mpf(-1) / 2,
        mp.mpf(0),
        11,
    ),
    Polynomial(
        "kTableExpm1Rest",
        "The same as kExpm1Rest, for |r| <= ln(2)/32",
        expm1_rest,
        -HALF_LN2 / TABLE_SIZE,
        HALF_LN2 / TABLE_SIZE,
        3,
    ),
]


def power_table() -> list[str]:
    """Such that entry j plus n << 48, for n = 16 k + j, is 2^(n/16)."""
    lines = [
        "// The bits of 2^(j/16) less j << 48, for j < 16.",
        "inline constexpr uint64_t kPowerTable[] = {",
    ]
    for j in range(TABLE_SIZE):
        (bits,) = struct.unpack("<Q", struct.pack("<d", float(mp.power(2, mp.mpf(j) / TABLE_SIZE))))
        lines.append(f"    {bits - (j << 48):#018x},")
    return [*lines, "};", ""]


def header() -> str:
    lines = [
        "// Polynomial coefficients, lowest degree first; written by fit_coefficients.py.",
        "// clang-format off",
        "#ifndef RECTIFIER_CORE_SIMD_COEFFICIENTS_H_",
        "#define RECTIFIER_CORE_SIMD_COEFFICIENTS_H_",
        "",
        "#include <cstdint>",
        "",
        "namespace rectifier::coefficients {",
        "",
    ]
    for polynomial in POLYNOMIALS:
        coefficients = polynomial.coefficients()
        error = mp.nstr(polynomial.relative_error(coefficients), 2)
        lines.append(f"// {polynomial.comment}.")
        lines.append(f"// Relative error {error}, before rounding.")
        lines.append(f"inline constexpr double {polynomial.name}[] = {{")
        lines += [f"    {float(coefficient).hex()}," for coefficient in coefficients]
        lines += ["};", ""]
    lines += power_table()
    lines += [
        "}  // namespace rectifier::coefficients",
        "",
        "#endif  // RECTIFIER_CORE_SIMD_COEFFICIENTS_H_",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(__file__).with_name("coefficients.h").write_text(header())
