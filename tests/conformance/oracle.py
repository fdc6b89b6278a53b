"""What the oracle says about an evaluation: the exact result of each element.

The formulas, their derivatives and their proven evaluation are those of tests/numerics/oracle. How
arguments meet the elements (broadcasting, axes, rows, pairs) is written again here, with NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import catalogue
import golden
import numpy as np
import philox
from catalogue import Activation
from exact import Exact as OracleExact
from exact import result_at
from numpy.typing import NDArray

from formats import Exact, product, total

Array = NDArray[Any]
Maybe = Exact | None
"""None: the formula has no result there."""

ACTIVATIONS = {activation.name: activation for activation in catalogue.load()}


@dataclass(frozen=True)
class Grid:
    """A tensor of numbers, or the argument of one parameter, along an axis where it has one."""

    numbers: Array
    axis: int | None = None

    def met_by(self, shape: Sequence[int]) -> Array:
        """By element of a tensor of `shape`: the index of the number that it meets."""
        index = np.arange(self.numbers.size).reshape(self.numbers.shape)
        if self.axis is not None:
            others = [1] * len(shape)
            others[self.axis] = self.numbers.size
            index = index.reshape(others)
        return np.broadcast_to(index, tuple(shape))


@dataclass
class Exacts:
    """Exact results, flat, by quantity and by parameter."""

    value: list[Maybe] = field(default_factory=list)
    gradients: list[list[Maybe]] = field(default_factory=list)
    second_derivative: list[Maybe] = field(default_factory=list)
    # By parameter, the terms of the sum for each number of its argument.
    terms: dict[str, list[list[Maybe]]] = field(default_factory=dict)


def sum_of(terms: Sequence[Maybe]) -> Maybe:
    known = [term for term in terms if term is not None]
    return total(known) if len(known) == len(terms) else None


def times(factor: float, exact: Maybe) -> Maybe:
    return None if exact is None else product(factor, exact)


def to_exact(found: OracleExact | None) -> Maybe:
    if found is None:
        return None
    if (found.nearest == 0 and found.residual == 0) or math.isinf(found.nearest):
        return found.nearest
    fraction = Fraction(found.nearest)
    return fraction + Fraction(found.residual) * Fraction(math.ulp(found.nearest))


@cache
def _columns(name: str) -> dict[str, golden.Column]:
    return {column.name: column for column in golden.columns(ACTIVATIONS[name])}


@cache
def _at(name: str, column: str, arguments: tuple[float, ...], point: tuple[str, ...]) -> Maybe:
    evaluate = _columns(name)[column].at(arguments)
    return to_exact(result_at(evaluate, [float.fromhex(x) for x in point]))


def at(name: str, column: str, arguments: Sequence[float], *point: float) -> Maybe:
    """One quantity at one point; a NaN gives a NaN."""
    if any(map(math.isnan, point)):
        return math.nan
    return _at(name, column, tuple(arguments), tuple(float(x).hex() for x in point))


def numbers_of(
    activation: Activation, arguments: Mapping[str, Grid], shape: Sequence[int], draws: Array | None
) -> list[Array]:
    """By parameter that the formula names, the number that each element meets, flat."""
    columns = []
    for parameter in activation.numbers:
        size = math.prod(shape)
        if parameter.type == "draw":
            columns.append(np.full(size, parameter.default) if draws is None else draws)
        elif parameter.name in arguments:
            grid = arguments[parameter.name]
            columns.append(grid.numbers.reshape(-1)[grid.met_by(shape).reshape(-1)])
        else:
            columns.append(np.full(size, parameter.default))
    return columns


def elementwise(
    name: str,
    x: Array,
    arguments: Mapping[str, Grid],
    upstream: Array | None,
    seed: tuple[int, int] | None = None,
) -> Exacts:
    """`arguments` has those of parameters that are numbers; `seed` has an offset beside it."""
    activation = ACTIVATIONS[name]
    draws = None
    if seed is not None:
        draws = np.array([philox.uniform(seed[0], seed[1] + i) for i in range(x.size)])
    met = numbers_of(activation, arguments, x.shape, draws)
    by_element = list(zip(*met, strict=True)) if met else [()] * x.size
    factors = [1.0] * x.size if upstream is None else upstream.reshape(-1).tolist()

    def quantity(column: str) -> list[Maybe]:
        points = zip(x.reshape(-1).tolist(), by_element, strict=True)
        return [at(name, column, [float(a) for a in numbers], point) for point, numbers in points]

    def contracted(column: str) -> list[Maybe]:
        found = quantity(column)
        if upstream is None:
            return found
        return [times(factor, exact) for factor, exact in zip(factors, found, strict=True)]

    exacts = Exacts(value=quantity("value"), gradients=[contracted("gradient")])
    if "second_derivative" in activation.quantities:
        exacts.second_derivative = contracted("second_derivative")
    for parameter in activation.numbers:
        if parameter.learnable:
            grid = arguments.get(parameter.name, Grid(np.array(parameter.default)))
            terms = contracted(f"d/{parameter.name}")
            exacts.terms[parameter.name] = grouped(terms, grid.met_by(x.shape), grid.numbers.size)
    return exacts


def grouped(terms: Sequence[Maybe], met: Array, size: int) -> list[list[Maybe]]:
    """By number of an argument, the terms of the elements that it meets."""
    groups: list[list[Maybe]] = [[] for _ in range(size)]
    for term, index in zip(terms, met.reshape(-1).tolist(), strict=True):
        groups[index].append(term)
    return groups


def split(x: Array, axis: int, gate_first: bool, interleaved: bool) -> tuple[Array, Array]:
    """The gates and the values of a pair in one tensor."""
    moved = np.moveaxis(x, axis, -1)
    half = moved.shape[-1] // 2
    first, second = (
        (moved[..., ::2], moved[..., 1::2])
        if interleaved
        else (moved[..., :half], moved[..., half:])
    )
    pair = (np.moveaxis(first, -1, axis), np.moveaxis(second, -1, axis))
    return pair if gate_first else (pair[1], pair[0])


def pairs(
    name: str, gate: Array, value: Array, numbers: Mapping[str, float], upstream: Array | None
) -> dict[str, list[Maybe]]:
    """The value, and the gradients by gate and by value, each flat in the pair's shape."""
    arguments = [numbers.get(p.name, p.default) for p in ACTIVATIONS[name].numbers]
    points = list(zip(gate.reshape(-1).tolist(), value.reshape(-1).tolist(), strict=True))
    found = {
        key: [at(name, column, arguments, *point) for point in points]
        for key, column in (("value", "result"), ("d/gate", "d/gate"), ("d/value", "d/value"))
    }
    if upstream is not None:
        factors = upstream.reshape(-1).tolist()
        for key in ("d/gate", "d/value"):
            found[key] = [times(f, e) for f, e in zip(factors, found[key], strict=True)]
    return found
