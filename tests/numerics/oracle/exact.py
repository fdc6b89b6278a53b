"""Exact results: a proven enclosure of a quantity at a point, rounded once to a double."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mpmath import mp, mpf

from ball import Ball, Undecided, Undefined, magnitude
from formula import Evaluator

PRECISIONS = (256, 1024, 4096, 16384)  # bits
GOOD_BITS = 140  # 42 decimal digits
# What is certainly smaller than this rounds to zero in every element type: 2**-1074 is the least
# positive double.
UNDERFLOW = -1080
# Infinity is approached at these powers of two, enough of them for an oscillation to show. Results
# between 2**SMALL and 2**-SMALL have a constant for their limit, if any.
FAR = (1200, 1204, 1210, 1211, 1220, 1243, 1262, 1277, 1300, 1333, 1350, 1400)
SMALL = -400
# One-sided limits at zero are taken here: closer than any feature of an activation.
JUST_BESIDE_ZERO = 2.0**-60
# What is larger than 2**JUMP there is no continuation of a zero.
JUMP = -20


class OracleError(ArithmeticError):
    """A point at which no working precision proves a result."""


@dataclass(frozen=True)
class Exact:
    """A result: the nearest double, and how far off it is, in its units in the last place."""

    nearest: float
    residual: float = 0.0

    @classmethod
    def of(cls, ball: Ball) -> Exact:
        """A zero has the sign of what underflowed, or + where that is not known."""
        nearest = float(ball.value)
        if ball.sign is None:
            return cls(0.0)
        if math.isinf(nearest):
            return cls(nearest)
        with mp.workprec(PRECISIONS[0]):
            residual = float((ball.value - mpf(nearest)) / mpf(math.ulp(nearest)))
        return cls(math.copysign(nearest, ball.sign), residual)


def result_at(function: Evaluator, point: Sequence[float]) -> Exact | None:
    """The exact result of `function`; None where it has none.

    At -0, +inf and -inf it is the limit. A zero of an exact result has the sign +, except at -0,
    where it has the sign that the function has just left of 0.
    """
    try:
        for index, coordinate in enumerate(point):
            if math.isinf(coordinate):
                return _at_infinity(function, point, index)
        return _at_finite(function, point)
    except Undefined:
        return None


def enclose_all(
    function: Callable[..., Sequence[Ball]], point: Sequence[float | mpf]
) -> list[Ball]:
    """The results of `function`, all computed with the same working precision.

    Each has GOOD_BITS good bits, or is smaller than 2**UNDERFLOW.
    """
    for precision in PRECISIONS:
        with mp.workprec(precision):
            try:
                balls = function(*(Ball(mpf(coordinate)) for coordinate in point))
            except Undecided:
                continue
        if all(map(_settled, balls)):
            return list(balls)
    raise OracleError(f"no result within {PRECISIONS[-1]} bits at {list(map(float, point))}")


def enclose(function: Evaluator, point: Sequence[float | mpf]) -> Ball:
    """The same for a function with one result."""
    return enclose_all(lambda *balls: [function(*balls)], point)[0]


def _settled(ball: Ball) -> bool:
    return ball.exact or ball.good_bits >= GOOD_BITS or ball.size < UNDERFLOW


def _at_finite(function: Evaluator, point: Sequence[float]) -> Exact:
    ball = enclose(function, point)
    if ball.sign:
        return Exact.of(ball)
    for index, coordinate in enumerate(point):
        if coordinate == 0 and math.copysign(1, coordinate) < 0:
            left = [*point[:index], -JUST_BESIDE_ZERO, *point[index + 1 :]]
            jumps = enclose(function, left).size > JUMP
            return _zero(0 if jumps else _sign(function, left))
    return _zero(0 if ball.exact else _sign(function, point))


def _zero(sign: int) -> Exact:
    return Exact(-0.0 if sign < 0 else 0.0)


def _sign(function: Evaluator, point: Sequence[float | mpf]) -> int:
    """The sign of a result that may be too small to resolve; 0 for a zero.

    Underflow comes in plateaus that reach to infinity or to zero: the sign is that of the nearest
    resolvable result on the way to magnitude 1, which square roots of the coordinate reach quickly.
    """
    sign = enclose(function, point).sign
    if sign is not None:
        return sign
    beside = [point[0] * (1 + 2.0**-30) or JUST_BESIDE_ZERO, *point[1:]]
    if enclose(function, beside).sign is not None:
        return 0  # an isolated zero
    nearer = _toward_one(point[0])
    return 0 if nearer == point[0] else _sign(function, [nearer, *point[1:]])


def _toward_one(coordinate: float | mpf) -> mpf:
    return mp.sign(coordinate) * mp.sqrt(abs(coordinate))


def _at_infinity(function: Evaluator, point: Sequence[float], index: int) -> Exact | None:
    """Points far out tell a limit: all tiny, all huge, or all equal. Anything else has none."""
    outposts = [_far_out(point, index, power) for power in FAR]
    balls = [enclose(function, outpost) for outpost in outposts]
    if all(ball.size < SMALL for ball in balls):
        return _zero(_sign(function, outposts[0]))
    first, last = balls[0], balls[-1]
    if all(magnitude(ball.value) > -SMALL and ball.sign == first.sign for ball in balls):
        return Exact(math.copysign(math.inf, first.value))
    with mp.workprec(PRECISIONS[-1]):
        distance = max(magnitude(ball.value - last.value) for ball in balls)
    return Exact.of(last) if distance < magnitude(last.value) - GOOD_BITS + 2 else None


def _far_out(point: Sequence[float], index: int, power: int) -> list[float | mpf]:
    coordinate = mp.ldexp(mpf(math.copysign(1, point[index])), power)
    return [*point[:index], coordinate, *point[index + 1 :]]
