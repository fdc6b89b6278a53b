"""Arithmetic on numbers that know how wrong they may be, on top of mpmath.

A Ball is a value and a bound of its error; a result whose bound is small is proven, and one whose
bound is large asks for more working precision. Comparing two precisions instead would be fooled:
log(1 + exp(-700)) is 0 at 60 digits and again at 120.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from mpmath import mp, mpf

# An exact Ball's error exponent, and the magnitude of zero: below every other, yet an int.
NEVER = -(1 << 6000)
LOG2_E = 1.4426950408889634
# From here on tanh is 1 less a term that is smaller than any rounding error.
SATURATED = 1 << 20
# Powers of two beyond 2**HUGE are not told apart.
HUGE = 1 << 5000
# What a number needs to be rounded to a double for comparing it.
COMPARED_BITS = 120


class Undecided(ArithmeticError):
    """The working precision is too low to bound this result."""


class Undefined(ArithmeticError):
    """The exact expression has no value here."""


def magnitude(value: mpf) -> int:
    """The m with 2**(m - 1) <= |value| < 2**m; NEVER for zero."""
    _, mantissa, exponent, bits = value._mpf_
    return exponent + bits if mantissa else NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """The exact number lies within 2**error of `value`; `error` is NEVER where they are equal."""

    value: mpf
    error: int = NEVER

    @staticmethod
    def of(number: Ball | mpf | float) -> Ball:
        return number if isinstance(number, Ball) else Ball(mp.convert(number))

    @property
    def exact(self) -> bool:
        return self.error == NEVER

    @property
    def size(self) -> int:
        """|exact number| < 2**size."""
        return max(magnitude(self.value), self.error) + (0 if self.exact else 1)

    @property
    def good_bits(self) -> int:
        """The relative error is at most 2**-good_bits."""
        return magnitude(self.value) - 1 - self.error

    @property
    def sign(self) -> int | None:
        """-1, 0 or 1; None where the bound does not tell."""
        if self.exact or self.good_bits > 0:
            negative, mantissa, _, _ = self.value._mpf_  # mp.sign takes ten times as long
            return (-1 if negative else 1) if mantissa else int(mp.sign(self.value))
        return None

    def __neg__(self) -> Ball:
        return Ball(-self.value, self.error)

    def __abs__(self) -> Ball:
        return Ball(abs(self.value), self.error)

    def __add__(self, other: Ball | mpf | float) -> Ball:
        b = Ball.of(other)
        value = self.value + b.value
        if not mp.isfinite(value):
            return Ball(value)
        return Ball(value, _widest(self.error, b.error, _rounding_of_sum(self, b, value)))

    def __sub__(self, other: Ball | mpf | float) -> Ball:
        return self + -Ball.of(other)

    def __rsub__(self, other: mpf | float) -> Ball:
        return Ball.of(other) - self

    def __mul__(self, other: Ball | mpf | float) -> Ball:
        b = Ball.of(other)
        value = self.value * b.value
        fits = self.value._mpf_[3] + b.value._mpf_[3] <= mp.prec
        rounding = NEVER if fits else magnitude(value) - mp.prec
        carried = [NEVER]
        for error, partner in ((self.error, b), (b.error, self)):
            if error != NEVER and partner.size != NEVER:
                carried.append(error + partner.size)
        return Ball(value, _widest(*carried, rounding))

    def __truediv__(self, other: Ball | mpf | float) -> Ball:
        return self * Ball.of(other).reciprocal()

    def __rtruediv__(self, other: mpf | float) -> Ball:
        return Ball.of(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def reciprocal(self) -> Ball:
        if self.value == 0 and self.exact:
            raise Undefined("division by zero")
        self._require_bits(2)
        size = magnitude(self.value)
        carried = NEVER if self.exact else self.error - 2 * size + 4
        value = 1 / self.value
        rounding = NEVER if self.value._mpf_[1] == 1 else magnitude(value) - mp.prec
        return Ball(value, _widest(carried, rounding))

    def __pow__(self, exponent: Ball | mpf | float) -> Ball:
        power = Ball.of(exponent)
        doubled = power.value * 2
        if not power.exact or not mp.isint(doubled):
            return FUNCTIONS["exp"](power * FUNCTIONS["log"](self))
        base = self if mp.isint(power.value) else FUNCTIONS["sqrt"](self)
        count = int(power.value) if base is self else int(doubled)
        result = Ball(mpf(1))
        for _ in range(abs(count)):
            result = result * base
        return result.reciprocal() if count < 0 else result

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Ball, mpf, float, int)) and self._order(other) == 0

    def __lt__(self, other: Ball | mpf | float) -> bool:
        return self._order(other) < 0

    def __le__(self, other: Ball | mpf | float) -> bool:
        return self._order(other) <= 0

    def __gt__(self, other: Ball | mpf | float) -> bool:
        return self._order(other) > 0

    def __ge__(self, other: Ball | mpf | float) -> bool:
        return self._order(other) >= 0

    def _order(self, other: Ball | mpf | float) -> int:
        """The sign of the difference; 0 where both round to one double.

        A kink such as (1 - beta)/alpha need not be a double. It is met at the double nearest to it,
        or no input would meet it.
        """
        other = Ball.of(other)
        nearest = float(self.value)
        if nearest == float(other.value) != 0 and math.isfinite(nearest):
            self._require_bits(COMPARED_BITS)
            other._require_bits(COMPARED_BITS)
            return 0
        difference = self - other
        if difference.sign is None:
            raise Undecided("a comparison")
        return difference.sign

    def _require_bits(self, bits: int) -> None:
        if not self.exact and self.good_bits < bits:
            raise Undecided("too few good bits")


def _widest(*errors: int) -> int:
    """An exponent that bounds the sum of up to four errors."""
    widest = max(errors)
    return NEVER if widest == NEVER else widest + 2


def _rounding_of_sum(a: Ball, b: Ball, total: mpf) -> int:
    if total == 0 or a.value == 0 or b.value == 0:
        return NEVER
    lowest = min(a.value._mpf_[2], b.value._mpf_[2])
    fits = max(magnitude(a.value), magnitude(b.value)) - lowest < mp.prec
    return NEVER if fits else magnitude(total) - mp.prec


@dataclass(frozen=True)
class Function:
    """A function of one Ball.

    `slope` bounds log2|f'| near a value; `steady` says whether the Ball is small enough for f' to
    vary by less than a factor of 4 over it, which is what the carried error relies on.
    """

    evaluate: Callable[[mpf], mpf]
    slope: Callable[[mpf], int]
    steady: Callable[[Ball], bool]
    exact_at: Callable[[mpf], mpf | None]  # the result where it is known without an error
    tail: Callable[[mpf], Ball | None] = lambda _: None  # the result far out, where that is known

    def __call__(self, argument: Ball | mpf | float) -> Ball:
        x = Ball.of(argument)
        known = self.exact_at(x.value) if x.exact else None
        if known is not None:
            return Ball(known)
        if x.exact or x.good_bits >= 2:  # a tail's bound leaves room for that
            tail = self.tail(x.value)
            if tail is not None:
                return tail
        if not x.exact and not self.steady(x):
            raise Undecided("an argument known too roughly")
        value = self.evaluate(x.value)
        carried = NEVER if x.exact else x.error + self.slope(x.value) + 2
        rounding = NEVER if value == 0 else magnitude(value) - mp.prec + 2
        return Ball(value, _widest(carried, rounding))


def _exponent(power: mpf) -> int:
    """About `power`, as the exponent of a bound; cut off where no result depends on it."""
    if magnitude(power) > 5000:
        return HUGE * int(mp.sign(power))
    return int(power) if magnitude(power) > 0 else 0


def _exp(x: mpf) -> mpf:
    """mpmath raises e to a whole number by repeated squaring, which is slow for a large one."""
    if x == mp.inf:
        raise Undefined("the exponential of infinity")
    if magnitude(x) < 20:
        return mp.exp(x)
    with mp.extraprec(magnitude(x) + 20):
        power = mp.floor(x / mp.ln2)
        rest = x - power * mp.ln2
    return mp.ldexp(mp.exp(rest), int(power))


def _exp_tail(x: mpf) -> Ball | None:
    if magnitude(x) <= 5000:
        return None
    if x > 0:
        raise Undecided("the exponential of a number that is too large")
    return Ball(mpf(0), -HUGE)


def _tanh_tail(x: mpf) -> Ball | None:
    return Ball(mp.sign(x), 2 - _exponent(2 * abs(x))) if abs(x) > SATURATED else None


def _log(x: mpf) -> mpf:
    if x <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return mp.log(x)


def _sqrt(x: mpf) -> mpf:
    if x < 0:
        raise Undefined("the square root of a negative number")
    return mp.sqrt(x)


def _within(bits: int) -> Callable[[Ball], bool]:
    return lambda x: x.error <= bits


def _relatively_small(x: Ball) -> bool:
    return x.good_bits >= 2


def _gaussian_steady(x: Ball) -> bool:
    return x.error + max(magnitude(x.value), 0) <= -3


def _at_most_one(_: mpf) -> int:
    return 0


def _only(argument: int, result: int) -> Callable[[mpf], mpf | None]:
    return lambda x: mpf(result) if x == argument else None


def _root_of_square(x: mpf) -> mpf | None:
    root = mp.sqrt(abs(x))
    return root if 2 * root._mpf_[3] <= mp.prec and root * root == x else None


def _exp_slope(x: mpf) -> int:
    return _exponent(x * LOG2_E) + 1


def _hyperbolic_slope(x: mpf) -> int:
    return _exp_slope(abs(x))


def _tanh_slope(x: mpf) -> int:
    return 2 - _exponent(2 * abs(x))


def _gaussian_slope(x: mpf) -> int:
    return 2 - _exponent(x * x * LOG2_E)


FUNCTIONS = {
    "exp": Function(_exp, _exp_slope, _within(-1), _only(0, 1), _exp_tail),
    "log": Function(_log, lambda x: 2 - magnitude(x), _relatively_small, _only(1, 0)),
    "sqrt": Function(_sqrt, lambda x: 1 - magnitude(x) // 2, _relatively_small, _root_of_square),
    "tanh": Function(mp.tanh, _tanh_slope, _within(-2), _only(0, 0), _tanh_tail),
    "erf": Function(mp.erf, _gaussian_slope, _gaussian_steady, _only(0, 0)),
    "erfc": Function(mp.erfc, _gaussian_slope, _gaussian_steady, _only(0, 1)),
    "sin": Function(mp.sin, _at_most_one, _within(0), _only(0, 0)),
    "cos": Function(mp.cos, _at_most_one, _within(0), _only(0, 1)),
    "atan": Function(mp.atan, _at_most_one, _within(0), _only(0, 0)),
    "sinh": Function(mp.sinh, _hyperbolic_slope, _within(-1), _only(0, 0)),
    "cosh": Function(mp.cosh, _hyperbolic_slope, _within(-1), _only(0, 1)),
}


def sign(argument: Ball | mpf | float) -> Ball:
    return Ball(mpf(Ball.of(argument)._order(0)))


def largest(*arguments: Ball | mpf | float) -> Ball:
    """The first of the largest."""
    best = Ball.of(arguments[0])
    for candidate in arguments[1:]:
        if Ball.of(candidate) > best:
            best = Ball.of(candidate)
    return best


def smallest(*arguments: Ball | mpf | float) -> Ball:
    """The first of the smallest."""
    return -largest(*(-Ball.of(argument) for argument in arguments))


def pi() -> Ball:
    value = +mp.pi
    return Ball(value, magnitude(value) - mp.prec)


def rational(numerator: int, denominator: int) -> Ball:
    return Ball.of(numerator) / denominator
