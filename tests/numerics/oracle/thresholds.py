"""The threshold of sparsemax and entmax: defined by an equation, so found and then proven.

threshold(alpha, x) is the t at which sum(max(0, (alpha - 1) x - t) ** (1/(alpha - 1))) is 1.

The support (the elements above t) is decided by the equation itself: an element is above t where
the sum, taken at that element, is below 1. Where it is 1, that element is t. Else t is found by
Newton's method in plain mpmath numbers, and proven by the sum's being above 1 just below and below
1 just above; its derivatives follow from the equation.
"""

from __future__ import annotations

from collections.abc import Sequence

from mpmath import mp, mpf

from ball import FUNCTIONS, Ball, Undecided

# The threshold is proven to within 2**-(precision - SPARE_BITS).
SPARE_BITS = 64
ZERO = Ball(mpf(0))


def threshold(alpha: Ball, x: Sequence[Ball]) -> Ball:
    """Proven; `x` may hold -infinity, which is never above it."""
    scaled = _scaled(alpha, x)
    beta = (alpha - 1).reciprocal()
    support = []
    for number in sorted(scaled, key=lambda ball: ball.value, reverse=True):
        side = _side(_sum(scaled, number, beta))
        if side == 0:
            return number
        if side > 0:
            break
        support.append(number)
    return _proven(support, _newton(support, beta), beta)


def slopes(alpha: Ball, x: Sequence[Ball]) -> list[Ball]:
    """The derivatives of the threshold: by alpha, then by each element."""
    beta = (alpha - 1).reciprocal()
    at = threshold(alpha, x)
    weights = []
    by_alpha = ZERO
    for number in x:
        above = (alpha - 1) * number - at if mp.isfinite(number.value) else ZERO
        if above > 0:
            power = above**beta
            weights.append(power / above)
            change = beta * number / above - beta * beta * FUNCTIONS["log"](above)
            by_alpha += power * change
        else:
            weights.append(ZERO)
    total = sum(weights, ZERO)
    return [by_alpha / (beta * total), *((alpha - 1) * weight / total for weight in weights)]


def _scaled(alpha: Ball, x: Sequence[Ball]) -> list[Ball]:
    return [(alpha - 1) * number for number in x if mp.isfinite(number.value)]


def _sum(scaled: Sequence[Ball], at: Ball, beta: Ball) -> Ball:
    total = ZERO
    for number in scaled:
        above = number - at
        if above > 0:
            total += above**beta
    return total


def _side(total: Ball) -> int:
    """Where a sum is of 1. Not by Ball's comparison, which takes near for equal."""
    sign = (total - 1).sign
    if sign is None:
        raise Undecided("on which side of 1 a sum is")
    return sign


def _newton(support: Sequence[Ball], beta: Ball) -> mpf:
    """Between bounds, by halves where a step leaves them; ends when the steps are negligible.

    Where beta is 1 or more the sum is convex, and no step from the left leaves them.
    """
    numbers = [ball.value for ball in support]
    low, high = max(numbers) - 1, min(numbers)
    at = low
    for _ in range(4 * mp.prec):
        above = [number - at for number in numbers if number > at]
        excess = sum(w**beta.value for w in above) - 1
        low, high = (at, high) if excess > 0 else (low, at)
        step = excess / (beta.value * sum(w ** (beta.value - 1) for w in above))
        if low <= at + step < min(numbers):
            at += step
        else:
            step = (low + high) / 2 - at
            at += step
        if abs(step) < mp.ldexp(1, SPARE_BITS - 8 - mp.prec):
            return at
    raise Undecided("a threshold that is not found")


def _proven(support: Sequence[Ball], at: mpf, beta: Ball) -> Ball:
    error = SPARE_BITS - mp.prec
    margin = mp.ldexp(1, error)
    below, above = (_sum(support, Ball(at + move), beta) for move in (-margin, margin))
    if _side(below) <= 0 or _side(above) >= 0:
        raise Undecided("a threshold that is not proven")
    return Ball(at, error)
