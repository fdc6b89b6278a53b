#!/usr/bin/env python3
"""Fits what the functions of core/functions need and writes coefficients.h: polynomials, tables, roots.

Polynomials are interpolated at Chebyshev nodes with 80 digits, which is within a small factor of the
best polynomial; the degree is the least that meets the accuracy asked for. Two accuracies serve two
numbers: "Short" ones the double lanes in which float32 and narrower types are computed (2^-38 is
plenty there), "DoubleDouble" ones the double-double lanes of float64, whose leading coefficients have two
parts. "Float" ones serve the float-float lanes of float32. Run it with Debian's python3 and
python3-mpmath: /usr/bin/python3 core/functions/fit_coefficients.py
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mpmath as mp

from coefficient_text import array, table, to_float
from fit_roots import Function, root_lines

mp.mp.dps = 80

HEADER = Path(__file__).with_name("coefficients.h")

SHORT = 38  # bits
DOUBLE_DOUBLE = 69


def interpolate(function: Function, low: mp.mpf, high: mp.mpf, degree: int) -> list[mp.mpf]:
    count = degree + 1
    center, radius = (low + high) / 2, (high - low) / 2
    nodes = [center + radius * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    powers = mp.matrix(count, count)
    values = mp.matrix(count, 1)
    for row, node in enumerate(nodes):
        values[row] = function(node)
        for column in range(count):
            powers[row, column] = node**column
    return list(mp.lu_solve(powers, values))


def relative_error(
    function: Function, coefficients: Sequence[mp.mpf], low: mp.mpf, high: mp.mpf
) -> mp.mpf:
    steps = 257
    points = (low + (high - low) * k / steps for k in range(steps + 1))
    return max(abs(mp.polyval(coefficients[::-1], p) / function(p) - 1) for p in points)


@dataclass(frozen=True)
class Polynomial:
    """A polynomial to be fitted to `function` over [low, high], to 2^-bits of its value."""

    name: str
    comment: str
    function: Function
    low: mp.mpf
    high: mp.mpf
    bits: int
    pairs: int = 0  # leading coefficients that have a second part
    type: str = "double"

    def lines(self) -> list[str]:
        low, high = mp.mpf(self.low), mp.mpf(self.high)
        for degree in range(1, 40):
            coefficients = interpolate(self.function, low, high, degree)
            error = relative_error(self.function, coefficients, low, high)
            if error < mp.mpf(2) ** -self.bits:
                break
        else:
            raise ValueError(f"{self.name}: no polynomial is good to {self.bits} bits")
        lines = [f"// {self.comment}.", f"// Relative error {mp.nstr(error, 2)}, before rounding."]
        lines += array(self.name, [float(c) for c in coefficients], self.type)
        if self.pairs:
            lows = [float(c - float(c)) for c in coefficients[: self.pairs]]
            lines += array(f"{self.name}Low", lows)
        return lines


@dataclass(frozen=True)
class Pieces:
    """Polynomials over 16 intervals of equal width, in the distance from their middles."""

    name: str
    comment: str
    function: Function
    low: mp.mpf
    high: mp.mpf
    degree: int
    pairs: int

    def lines(self) -> list[str]:
        width = (self.high - self.low) / 16
        columns, error = [], mp.mpf(0)
        for piece in range(16):
            middle = self.low + width * (piece + mp.mpf(1) / 2)
            half = width / 2 * mp.mpf("1.001")

            def shifted(h: mp.mpf, middle: mp.mpf = middle) -> mp.mpf:
                return self.function(middle + h)

            columns.append(interpolate(shifted, -half, half, self.degree))
            error = max(error, relative_error(shifted, columns[-1], -half, half))
        lines = [f"// {self.comment}.", f"// Relative error {mp.nstr(error, 2)}, before rounding."]
        lines += table(self.name, [[float(c[k]) for c in columns] for k in range(self.degree + 1)])
        lows = [[float(c[k] - float(c[k])) for c in columns] for k in range(self.pairs)]
        return lines + table(f"{self.name}Low", lows) + self.middle_lines()

    def middle_lines(self) -> list[str]:
        width = (self.high - self.low) / 16
        middles = [self.low + width * (piece + mp.mpf(1) / 2) for piece in range(16)]
        rows = [[float(m) for m in middles], [float(m - float(m)) for m in middles]]
        return [
            "// The middles of the intervals, in two parts.",
            *table(f"{self.name}Middle", rows),
        ]


@dataclass(frozen=True)
class FloatMills:
    """Polynomials around the points t that are 1 less than a number of four bits, for floats."""

    degree: int = 7
    pairs: int = 2
    last: int = 30

    def lines(self) -> list[str]:
        columns, error = [], mp.mpf(0)
        for piece in range(self.last + 1):
            unit = mp.mpf(2) ** (piece // 8)
            center, half = unit * (1 + mp.mpf(piece % 8) / 8) - 1, unit / 16 * mp.mpf("1.001")

            def shifted(h: mp.mpf, center: mp.mpf = center) -> mp.mpf:
                return density_mills(center + h)

            columns.append(interpolate(shifted, -half, half, self.degree))
            error = max(error, relative_error(shifted, columns[-1], -half, half))
        columns += [[mp.mpf(0)] * (self.degree + 1)] * (31 - self.last)
        rows = [[to_float(c[k]) for c in columns] for k in range(self.degree + 1)]
        lows = [[to_float(c[k] - to_float(c[k])) for c in columns] for k in range(self.pairs)]
        return [
            "// Q(t)/phi(t)/sqrt(2 pi), from the normal tail, in t - c: c is 1 less than the number of four",
            "// bits that is nearest to 1 + t, and the entry that number's place from 1 on; for t up to 13.",
            f"// Relative error {mp.nstr(error, 2)}, before rounding.",
            *table("kFloatMills", rows, "float"),
            *table("kFloatMillsLow", lows, "float"),
        ]


# --- functions, with their series where the plain formula cancels


def near_zero(function: Function, *series: str) -> Function:
    """`function`, and this power series for arguments near 0."""
    terms = [
        mp.mpf(1) * mp.mpf(s.partition("/")[0]) / mp.mpf(s.partition("/")[2] or 1) for s in series
    ]

    def whole(x: mp.mpf) -> mp.mpf:
        return mp.polyval(terms[::-1], x) if abs(x) < mp.mpf(10) ** -25 else function(x)

    return whole


exp_rest = near_zero(lambda r: (mp.expm1(r) - r) / r**2, "1/2", "1/6", "1/24")
exp_cubic = near_zero(lambda r: (mp.expm1(r) - r - r * r / 2) / r**3, "1/6", "1/24", "1/120")
log1p_quartic = near_zero(
    lambda f: (mp.log1p(f) - f + f * f / 2 - f**3 / 3) / f**4, "-1/4", "1/5", "-1/6"
)
log1p_rest = near_zero(lambda f: (mp.log1p(f) - f) / f**2, "-1/2", "1/3", "-1/4")
log1p_cubic = near_zero(lambda f: (mp.log1p(f) - f + f * f / 2) / f**3, "1/3", "-1/4", "1/5")
exp_slope_rest = near_zero(lambda t: (t * mp.exp(t) - mp.expm1(t)) / t**2, "1/2", "1/3", "1/8")
MILLS_CENTER = 5


def of_square(function: Function, *series: str) -> Function:
    """`function` as a function of its argument's square."""
    return near_zero(lambda z: function(mp.sqrt(z)), *series)


tanh_rest = of_square(lambda x: (x - mp.tanh(x)) / x**3, "1/3", "-2/15", "17/315")
logcosh_rest = of_square(lambda x: mp.log(mp.cosh(x)) / x**2, "1/2", "-1/12", "1/45")
atan_rest = of_square(lambda x: (mp.atan(x) - x) / x**3, "-1/3", "1/5", "-1/7")
sin_rest = of_square(lambda x: (mp.sin(x) - x) / x**3, "-1/6", "1/120", "-1/5040")
cos_rest = of_square(lambda x: (mp.cos(x) - 1 + x * x / 2) / x**4, "1/24", "-1/720", "1/40320")


def erf_ratio(z: mp.mpf) -> mp.mpf:
    x = mp.sqrt(z)
    return mp.erf(x) / x if x else 2 / mp.sqrt(mp.pi)


def scaled_mills(w: mp.mpf) -> mp.mpf:
    t = MILLS_CENTER * (1 + w) / (1 - w)
    return (t + MILLS_CENTER) * mp.sqrt(mp.pi / 2) * mp.erfc(t / mp.sqrt(2)) * mp.exp(t * t / 2)


def density_mills(t: mp.mpf) -> mp.mpf:
    return mp.erfc(t / mp.sqrt(2)) * mp.exp(t * t / 2) / 2


def mills_end(t: int) -> mp.mpf:
    return mp.mpf(t - MILLS_CENTER) / (t + MILLS_CENTER)


atanh_rest = of_square(lambda s: (2 * mp.atanh(s) - 2 * s) / s**3, "2/3", "2/5", "2/7")

HALF_LN2 = mp.log(2) / 2 * mp.mpf("1.0001")
ATANH_LIMIT = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")
EXP_RANGE = mp.log(2) / 32 * mp.mpf("1.001")
LOG_STEPS = mp.mpf("15.99")
LOG_LOW, LOG_HIGH = mp.mpf("-0.0312"), 1 / LOG_STEPS * mp.mpf("1.0001")
EIGHTH = (mp.sqrt(2) - 1) ** 2 * mp.mpf("1.0001")  # tan(pi/8)^2
QUARTER = (mp.pi / 4) ** 2 * mp.mpf("1.001")

POLYNOMIALS = [
    Polynomial(
        "kExpm1Rest", "(e^r - 1 - r)/r^2 for |r| <= ln(2)/2", exp_rest, -HALF_LN2, HALF_LN2, 58
    ),
    Polynomial(
        "kLogRest",
        "(2 atanh(s) - 2s)/s^3 in s^2, for 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1)",
        atanh_rest,
        0,
        ATANH_LIMIT,
        58,
    ),
    Polynomial(
        "kExpRest", "(e^r - 1 - r)/r^2 for |r| <= ln(2)/32", exp_rest, -EXP_RANGE, EXP_RANGE, 32
    ),
    Polynomial(
        "kExpCubic",
        "(e^r - 1 - r - r^2/2)/r^3 for |r| <= ln(2)/32",
        exp_cubic,
        -EXP_RANGE,
        EXP_RANGE,
        55,
    ),
    Polynomial(
        "kFloatExpCubic",
        "The same, to 2^-40 of e^r",
        exp_cubic,
        -EXP_RANGE,
        EXP_RANGE,
        21,
        type="float",
    ),
    Polynomial(
        "kLog1pRest",
        "(ln(1 + f) - f)/f^2 for -0.031 <= f <= 1/15.99",
        log1p_rest,
        LOG_LOW,
        LOG_HIGH,
        35,
    ),
    Polynomial(
        "kLog1pQuartic",
        "(ln(1 + f) - f + f^2/2 - f^3/3)/f^4 for -0.031 <= f <= 1/15.99",
        log1p_quartic,
        LOG_LOW,
        LOG_HIGH,
        53,
    ),
    Polynomial(
        "kFloatLogCubic",
        "(ln(1 + f) - f + f^2/2)/f^3 for -0.0325 <= f <= 0.0635",
        log1p_cubic,
        mp.mpf("-0.0325"),
        mp.mpf("0.0635"),
        24,
        type="float",
    ),
    Polynomial(
        "kMillsShort",
        "(5 + t) Q(t)/phi(t), from the normal tail, in w = (t - 5)/(t + 5), for 0 <= t <= 25",
        scaled_mills,
        -1,
        mills_end(25),
        SHORT,
    ),
    Polynomial("kErfShort", "erf(x)/x in x^2, for |x| <= 1/4", erf_ratio, 0, 1 / mp.mpf(16), SHORT),
    Polynomial("kErfDoubleDouble", "The same", erf_ratio, 0, 1 / mp.mpf(16), DOUBLE_DOUBLE, 5),
    Polynomial("kTanhShort", "(x - tanh x)/x^3 in x^2, for |x| <= 1/2", tanh_rest, 0, 0.25, SHORT),
    Polynomial("kTanhDoubleDouble", "The same", tanh_rest, 0, 0.25, DOUBLE_DOUBLE, 6),
    Polynomial(
        "kLogCoshShort", "ln(cosh x)/x^2 in x^2, for |x| <= 1/2", logcosh_rest, 0, 0.25, SHORT
    ),
    Polynomial("kLogCoshDoubleDouble", "The same", logcosh_rest, 0, 0.25, DOUBLE_DOUBLE, 6),
    Polynomial(
        "kExpSlopeShort",
        "(t e^t - (e^t - 1))/t^2 for -1/2 <= t <= 0",
        exp_slope_rest,
        -0.5,
        0,
        SHORT,
    ),
    Polynomial("kExpSlopeDoubleDouble", "The same", exp_slope_rest, -0.5, 0, DOUBLE_DOUBLE, 8),
    Polynomial("kExpWideShort", "(e^t - 1 - t)/t^2 for -1/2 <= t <= 0", exp_rest, -0.5, 0, SHORT),
    Polynomial("kExpWideDoubleDouble", "The same", exp_rest, -0.5, 0, DOUBLE_DOUBLE, 8),
    Polynomial(
        "kAtanShort", "(atan x - x)/x^3 in x^2, for |x| <= tan(pi/8)", atan_rest, 0, EIGHTH, SHORT
    ),
    Polynomial("kAtanDoubleDouble", "The same", atan_rest, 0, EIGHTH, DOUBLE_DOUBLE, 8),
    Polynomial("kSinShort", "(sin x - x)/x^3 in x^2, for |x| <= pi/4", sin_rest, 0, QUARTER, 51),
    Polynomial("kSinDoubleDouble", "The same", sin_rest, 0, QUARTER, DOUBLE_DOUBLE, 5),
    Polynomial(
        "kCosShort", "(cos x - 1 + x^2/2)/x^4 in x^2, for |x| <= pi/4", cos_rest, 0, QUARTER, 51
    ),
    Polynomial("kCosDoubleDouble", "The same", cos_rest, 0, QUARTER, DOUBLE_DOUBLE, 5),
]

MILLS_PIECES = Pieces(
    "kMillsDoubleDouble",
    "(5 + t) Q(t)/phi(t) for 0 <= t <= 40, in w - (the middle of its interval), w = (t - 5)/(t + 5)",
    scaled_mills,
    mp.mpf(-1),
    mills_end(40),
    13,
    5,
)


# --- tables


def exp_table_lines() -> list[str]:
    powers = [mp.mpf(2) ** (mp.mpf(j) / 16) for j in range(16)]
    lines = ["// 2^(j/16), in two parts."]
    return lines + table(
        "kExpTable", [[float(p) for p in powers], [float(p - float(p)) for p in powers]]
    )


def float_exp_table_lines() -> list[str]:
    powers = [mp.mpf(2) ** (mp.mpf(j) / 16) for j in range(16)]
    rows = [[to_float(p) for p in powers], [to_float(p - to_float(p)) for p in powers]]
    return ["// 2^(j/16), in two floats.", *table("kFloatExpTable", rows, "float")]


def power_table_lines() -> list[str]:
    """Such that entry j plus n << 48, for n = 16 k + j, is 2^(n/16)."""
    lines = [
        "// The bits of 2^(j/16) less j << 48, for j < 16.",
        "inline constexpr uint64_t kPowerTable[] = {",
    ]
    for j in range(16):
        (bits,) = struct.unpack("<Q", struct.pack("<d", float(mp.power(2, mp.mpf(j) / 16))))
        lines.append(f"    {bits - (j << 48):#018x},")
    return [*lines, "};", ""]


def log_table_lines() -> list[str]:
    """For y in [j, j + 1]/15.99: 1/c - 1 with c near 1 + y, and ln(c); c = 1 for j = 0."""
    inverses, logs, rests = [], [], []
    for j in range(16):
        inverse = mp.mpf(float(1 / (1 + (j + mp.mpf(1) / 2) / LOG_STEPS))) if j else mp.mpf(1)
        inverses.append(float(inverse - 1))
        logs.append(float(-mp.log(inverse)))
        rests.append(float(-mp.log(inverse) - logs[-1]))
    return [
        "// For y in [j, j + 1]/15.99: 1/c - 1 with a c near 1 + y, and ln(c) in two parts; c is 1 for",
        "// j = 0.",
        *table("kLogTable", [inverses, logs, rests]),
    ]


def float_log_table_lines() -> list[str]:
    """As in log_table_lines, but 1/c has 11 bits."""
    inverses, logs, rests = [], [], []
    for j in range(16):
        near = 1 / (1 + (j + mp.mpf(1) / 2) / LOG_STEPS) if j else mp.mpf(1)
        inverse = mp.nint(near * 2048) / 2048
        inverses.append(float(inverse - 1))
        logs.append(to_float(-mp.log(inverse)))
        rests.append(to_float(-mp.log(inverse) - logs[-1]))
    return [
        "// For y in [j, j + 1]/15.99: 1/c - 1 with a c near 1 + y, of 11 bits, and ln(c) in two floats.",
        *table("kFloatLogTable", [inverses, logs, rests], "float"),
    ]


# --- the circle


HALF_PI_BITS = 33  # of a part, so that its product with a 20-bit integer is exact
TWO_OVER_PI_WORDS = 40


def circle_lines() -> list[str]:
    rest, halves = mp.pi / 2, []
    for _ in range(3):
        exponent = int(mp.floor(mp.log(rest, 2)))
        unit = mp.mpf(2) ** (exponent + 1 - HALF_PI_BITS)
        halves.append(float(mp.floor(rest / unit) * unit))
        rest -= halves[-1]
    with mp.workprec(64 * TWO_OVER_PI_WORDS + 64):
        digits = int(mp.floor(2 / mp.pi * mp.mpf(2) ** (64 * TWO_OVER_PI_WORDS)))
    words = [digits >> 64 * k & (1 << 64) - 1 for k in reversed(range(TWO_OVER_PI_WORDS))]
    return [
        f"// pi/2 as a sum; the first three have {HALF_PI_BITS} bits.",
        *array("kHalfPiParts", [*halves, float(rest)]),
        "// The binary digits of 2/pi, from 2^-1 on.",
        f"inline constexpr unsigned long long kTwoOverPi[{TWO_OVER_PI_WORDS}] = {{",
        *(f"    {word:#018x}," for word in words),
        "};",
        "",
    ]


def header() -> str:
    lines = [
        "// Generated by ./dev generate (fit_coefficients.py): do not edit. Coefficients of polynomials,",
        "// lowest degree first, tables, and roots.",
        "// clang-format off",
        "#ifndef RECTIFIER_CORE_FUNCTIONS_COEFFICIENTS_H_",
        "#define RECTIFIER_CORE_FUNCTIONS_COEFFICIENTS_H_",
        "",
        "#include <cstdint>",
        "",
        "namespace rectifier::coefficients {",
        "",
    ]
    for polynomial in POLYNOMIALS:
        lines += polynomial.lines()
        print(polynomial.name, len(lines))
    lines += MILLS_PIECES.lines() + FloatMills().lines()
    lines += exp_table_lines() + float_exp_table_lines() + power_table_lines()
    lines += log_table_lines() + float_log_table_lines() + circle_lines() + root_lines()
    lines += [
        "}  // namespace rectifier::coefficients",
        "",
        "#endif  // RECTIFIER_CORE_FUNCTIONS_COEFFICIENTS_H_",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    HEADER.write_text(header())
