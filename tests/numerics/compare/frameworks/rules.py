"""What holds for every activation under every preset, and so explains differences by itself.

tests/numerics/compare/README.md states the rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import case
from difference import NAN, NUMBER, ZERO_SIGN, Difference

HUGE = 1e30  # its square is infinite in float32


@dataclass(frozen=True)
class Rule:
    reason: str
    explains: Callable[[Difference], bool]


def _nan_in(difference: Difference) -> bool:
    """Ours alone is NaN, as the input is."""
    return (
        difference.kind == NAN
        and math.isnan(difference.ours)
        and any(map(math.isnan, difference.inputs))
    )


def _limit(difference: Difference) -> bool:
    """Theirs alone is NaN, of an infinity or of what overflows to one."""
    infinite = difference.quantity == case.GRADIENT_INF or any(
        abs(number) >= HUGE for number in difference.inputs
    )
    return difference.kind == NAN and math.isnan(difference.theirs) and infinite


def _overflow(difference: Difference) -> bool:
    """Theirs alone is infinite, of a number that is not."""
    return (
        difference.kind == NUMBER
        and math.isinf(difference.theirs)
        and math.isfinite(difference.ours)
        and any(HUGE <= abs(number) < math.inf for number in difference.inputs)
    )


def _zero_sign(difference: Difference) -> bool:
    return difference.kind == ZERO_SIGN


RULES = (
    Rule("A NaN in the input gives NaN in the value and in every derivative.", _nan_in),
    Rule("Theirs is NaN by inf * 0 or inf - inf; ours is the limit.", _limit),
    Rule("Theirs is what an intermediate result overflows to.", _overflow),
    Rule("A zero has the catalogue's sign under every preset.", _zero_sign),
)
