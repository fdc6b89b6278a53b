"""An activation and its gradient as curves to draw, sampled between kinks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue import Activation, output_length
from exact import Exact, result_at
from formula import kinks
from golden import columns
from points import RowCase
from rows import RowFormula

Point = tuple[float, float]
STEPS_PER_UNIT = 32
BESIDE = 2.0**-30
# Kinks along rows are looked for up to here, at as many points for each unit.
ROW_REACH = 4
ROW_STEPS = 4
SNAP = 2.0**-20
VISIBLE_JUMP = 1e-3


@dataclass
class Curve:
    """Pieces without jumps, and for each jump the point that is taken and those that are not."""

    pieces: list[list[Point]] = field(default_factory=list)
    taken: list[Point] = field(default_factory=list)
    left_out: list[Point] = field(default_factory=list)


@dataclass
class Drawing:
    """What a panel shows of one activation."""

    activation: Activation
    slice: str  # what is held fixed
    kinks: list[float]
    value: Curve
    gradient: Curve


def draw(
    activation: Activation, low: float, high: float, known: list[float] | None = None
) -> Drawing:
    """Over low <= x <= high; a row is (x, 0), and a pair has x for its gate and 1 for its value.

    `known` are its kinks, where they have been found already.
    """
    functions, held = _functions(activation)
    found = kinks_of(activation) if known is None else known
    bends = [kink for kink in found if low < kink < high]
    value, gradient = (_sample(function, low, high, bends) for function in functions)
    return Drawing(activation, held, bends, value, gradient)


def kinks_of(activation: Activation) -> list[float]:
    """Kinks and jumps at default arguments, along the slice that is drawn."""
    if activation.kind == "rows":
        value, gradient = _row_functions(activation)[0]

        def state(x: float) -> tuple[bool, ...]:
            at = value(x)
            return at == 0, at == 1, gradient(x) == 0

        return _changes(state)
    variable = "gate" if activation.kind == "pairs" else "x"
    return kinks(columns(activation)[0].expression, variable, activation.defaults)


def _changes(state: Callable[[float], tuple[bool, ...]]) -> list[float]:
    """Where a row's element enters or leaves the support, or becomes the largest: what is exactly 0
    or 1 on one side is not on the other. Found to 2^-40, and a short fraction where it is near one.
    """
    grid = [-ROW_REACH + (step + 0.37) / ROW_STEPS for step in range(2 * ROW_REACH * ROW_STEPS)]
    states = [state(x) for x in grid]
    found = []
    for low, high, before, after in zip(grid, grid[1:], states, states[1:], strict=False):
        if before == after:
            continue
        while high - low > SNAP / 2**10:
            middle = (low + high) / 2
            low, high = (middle, high) if state(middle) == before else (low, middle)
        found.append(round(high / SNAP) * SNAP)
    return found


Function = Callable[[float], float]


def _functions(activation: Activation) -> tuple[list[Function], str]:
    """Value and gradient along the slice, and what the slice holds fixed."""
    if activation.kind == "rows":
        return _row_functions(activation)
    rest = [1.0] if activation.kind == "pairs" else []
    bounded = [p for p in activation.numbers if math.isfinite(p.default)]  # others bound nothing
    values = ", ".join(f"{p.name} = {p.default:.4g}" for p in bounded)
    held = "value = 1, by gate" if activation.kind == "pairs" else values

    def along(column: int) -> Function:
        evaluate = columns(activation)[column].at(list(activation.defaults.values()))
        return lambda x: _double(result_at(evaluate, [x, *rest]))

    return [along(0), along(1)], held


def _row_functions(activation: Activation) -> tuple[list[Function], str]:
    parameters = [p.name for p in activation.numbers]
    no_noise = (0.5, 0.5)
    formula = RowFormula(activation.formula, activation.row_shape, 2, parameters, no_noise)
    upstream = (1.0, *[0.0] * (output_length(activation.row_shape, 2) - 1))

    def value(x: float) -> float:
        return formula.value((x, 0.0), activation.defaults)[0].nearest

    def gradient(x: float) -> float:
        case = RowCase((x, 0.0), upstream, activation.defaults)
        return formula.evaluate(case).gradient[0].nearest

    return [value, gradient], "first of the row (x, 0)"


def _double(result: Exact | None) -> float:
    return float("nan") if result is None else result.nearest


def _sample(function: Function, low: float, high: float, bends: list[float]) -> Curve:
    curve = Curve()
    borders = [low, *bends, high]
    for start, end in itertools.pairwise(borders):
        curve.pieces.append(_piece(function, start, end))
    for index, bend in enumerate(bends):
        _join(curve, index, (bend, function(bend)))
    return curve


def _piece(function: Function, start: float, end: float) -> list[Point]:
    """From just right of start to just left of end, placed at start and end."""
    steps = max(2, round((end - start) * STEPS_PER_UNIT))
    inner = [start + (end - start) * step / steps for step in range(1, steps)]
    return [
        (start, function(start + BESIDE)),
        *((x, function(x)) for x in inner),
        (end, function(end - BESIDE)),
    ]


def _join(curve: Curve, index: int, at: Point) -> None:
    """Marks a jump between pieces `index` and `index + 1`, if there is one."""
    sides = [curve.pieces[index][-1], curve.pieces[index + 1][0]]
    left_out = [side for side in sides if abs(side[1] - at[1]) > VISIBLE_JUMP]
    if left_out:
        curve.taken.append(at)
        curve.left_out += left_out
