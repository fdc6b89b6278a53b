"""The element types: numbers to bytes and back, and how far a result is from the exact one."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Exact = Fraction | float
"""An exact result: a fraction, or a float where it is a signed zero, an infinity or a NaN."""


@dataclass(frozen=True)
class Format:
    """A binary floating-point format."""

    size: int  # bytes of an element
    digits: int  # of the significand, in bits
    least_exponent: int  # of a normal number
    greatest_exponent: int
    code: str  # of struct, whose number the element is the upper part of

    def pack(self, numbers: Iterable[float]) -> bytes:
        """The elements, little-endian; each number is rounded to nearest even."""
        return b"".join(map(self._pack_one, numbers))

    def unpack(self, data: bytes) -> list[float]:
        if self.code == "?":
            return [float(byte) for byte in data]
        pieces = [data[i : i + self.size] for i in range(0, len(data), self.size)]
        padding = bytes(struct.calcsize(self.code) - self.size)
        return [struct.unpack("<" + self.code, padding + piece)[0] for piece in pieces]

    def holds(self, number: float) -> bool:
        if math.isnan(number) or math.isinf(number):
            return True
        try:
            return self.unpack(self.pack([number])) == [number]
        except OverflowError:
            return False

    def rounded(self, number: float) -> float:
        return self.unpack(self.pack([number]))[0]

    def ulp(self, exact: Exact) -> Fraction:
        """The spacing of the format at `exact`."""
        exponent = self.least_exponent
        if exact != 0 and (isinstance(exact, Fraction) or math.isfinite(exact)):
            exponent = max(exponent, _exponent(abs(Fraction(exact))))
        return Fraction(2) ** (min(exponent, self.greatest_exponent) - self.digits + 1)

    def error(self, result: float, exact: Exact) -> float:
        """In units in the last place; infinity for a NaN, or a zero of the wrong sign."""
        if math.isnan(result) or _is_nan(exact):
            return 0.0 if math.isnan(result) and _is_nan(exact) else math.inf
        if result == 0 and _has_sign(exact) and _negative(result) != _negative(exact):
            return math.inf
        difference = abs(self._bounded(result) - self._bounded(exact))
        return float(difference / self.ulp(exact))

    def nearest(self, exact: Exact) -> bytes:
        """The element nearest to `exact`, ties to even."""
        if isinstance(exact, float):
            return self.pack([exact])
        ulp = self.ulp(exact)
        whole = Fraction(round(exact / ulp)) * ulp  # round() of a Fraction takes ties to even
        beyond = Fraction(2) ** (self.greatest_exponent + 1)
        if abs(whole) >= beyond:
            return self.pack([math.copysign(math.inf, exact)])
        return self.pack([math.copysign(float(whole), exact)])

    def _bounded(self, number: Exact) -> Fraction:
        """Infinity counts as the number that would follow the largest."""
        beyond = Fraction(2) ** (self.greatest_exponent + 1)
        if isinstance(number, float) and math.isinf(number):
            return beyond if number > 0 else -beyond
        return max(-beyond, min(beyond, Fraction(number)))

    def _pack_one(self, number: float) -> bytes:
        if self.code == "?":
            return bytes([int(number)])
        if self.size == struct.calcsize(self.code):
            return struct.pack("<" + self.code, number)
        return _bfloat16(number)


def _bfloat16(number: float) -> bytes:
    """Rounded once: what a float32 does not hold is kept odd, so that ties are none."""
    if math.isnan(number) or math.isinf(number) or number == 0:
        return struct.pack("<f", number)[2:]
    try:
        bits = struct.unpack("<I", struct.pack("<f", number))[0]
    except OverflowError:
        return struct.pack("<f", math.copysign(math.inf, number))[2:]
    narrow = struct.unpack("<f", struct.pack("<I", bits))[0]
    if narrow != number and not bits & 1:
        bits += 1 if abs(narrow) < abs(number) else -1
    rounded = bits + 0x7FFF + (bits >> 16 & 1)
    return struct.pack("<I", rounded & 0xFFFFFFFF)[2:]


FORMATS = {
    "float16": Format(2, 11, -14, 15, "e"),
    "bfloat16": Format(2, 8, -126, 127, "f"),
    "float32": Format(4, 24, -126, 127, "f"),
    "float64": Format(8, 53, -1022, 1023, "d"),
    "bool": Format(1, 1, 0, 0, "?"),
}
FLOATS = ("float16", "bfloat16", "float32", "float64")


def total(terms: Sequence[Exact]) -> Exact:
    """The exact sum; a float where a term is no number."""
    odd = [term for term in terms if isinstance(term, float) and not math.isfinite(term)]
    if odd:
        return sum(odd)
    found = sum((Fraction(term) for term in terms), Fraction(0))
    return found if found else 0.0


def product(factor: float, exact: Exact) -> Exact:
    if isinstance(exact, float):
        return factor * exact
    if not math.isfinite(factor) or factor == 0:
        return factor * math.copysign(1.0, exact)
    return Fraction(factor) * exact


def _exponent(magnitude: Fraction) -> int:
    """The e of 2**e <= magnitude < 2**(e + 1)."""
    estimate = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    return estimate if Fraction(2) ** estimate <= magnitude else estimate - 1


def _is_nan(exact: Exact) -> bool:
    return isinstance(exact, float) and math.isnan(exact)


def _negative(exact: Exact) -> bool:
    return math.copysign(1.0, exact) < 0


def _has_sign(exact: Exact) -> bool:
    """A positive zero is an exact one, whose sign is not looked at."""
    return exact != 0 or _negative(exact)
