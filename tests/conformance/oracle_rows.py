"""What the oracle says about activations of rows: along axes, with masks, biases and draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import philox
from ball import Undefined
from points import RowCase
from rows import RowFormula

from oracle import ACTIVATIONS, Array, Exacts, Grid, Maybe, grouped, to_exact

# The value of a row of nothing, of which the formulas say nothing: the catalogue's conventions do.
EMPTY_ROWS = {"log_softmax": -math.inf, "logsumexp": -math.inf, "logmeanexp": -math.inf}


HAVE_LIMITS = ("softmin", "maxout", "crelu")  # where all elements are -infinity


@dataclass(frozen=True)
class RowOptions:
    """The arguments of rows; `axes` are counted from the start."""

    axes: tuple[int, ...]
    numbers: Mapping[str, Grid] = field(default_factory=dict)
    mask: Grid | None = None
    bias: Grid | None = None
    keepdims: bool = False
    pieces: int = 2
    seed: int | None = None
    offset: int = 0


@dataclass(frozen=True)
class Row:
    """One row: where it lies in the input and in the output, flat."""

    inputs: list[int]
    outputs: list[int]


def output_shape(name: str, shape: Sequence[int], options: RowOptions) -> list[int]:
    kind = ACTIVATIONS[name].row_shape
    result = list(shape)
    if kind == "reduce":
        kept = [1 if i in options.axes else n for i, n in enumerate(shape)]
        return (
            kept if options.keepdims else [n for i, n in enumerate(shape) if i not in options.axes]
        )
    if kind == "twice":
        result[options.axes[0]] *= 2
    if kind == "groups":
        result[options.axes[0]] //= options.pieces
    return result


def _as_rows(shape: Sequence[int], axes: Sequence[int]) -> Array:
    """The flat index of each element, one row of them for each row."""
    index = np.arange(math.prod(shape)).reshape(tuple(shape))
    others = [i for i in range(len(shape)) if i not in axes]
    moved = index.transpose([*others, *sorted(axes)])
    return moved.reshape(math.prod([shape[i] for i in others]), -1)


def rows_of(name: str, shape: Sequence[int], options: RowOptions) -> list[Row]:
    kind = ACTIVATIONS[name].row_shape
    inputs = _as_rows(shape, options.axes)
    if kind == "groups":
        inputs = inputs.reshape(-1, options.pieces)
    if kind == "reduce":
        outputs = np.arange(inputs.shape[0]).reshape(-1, 1)
    else:
        outputs = _as_rows(output_shape(name, shape, options), options.axes)
        outputs = outputs.reshape(inputs.shape[0], -1)
    return [Row(i, o) for i, o in zip(inputs.tolist(), outputs.tolist(), strict=True)]


@cache
def _formula(
    name: str, length: int, draws: tuple[float, ...], bias: tuple[float, ...]
) -> RowFormula:
    activation = ACTIVATIONS[name]
    parameters = [p.name for p in activation.numbers]
    formula, shape = activation.formula, activation.row_shape
    return RowFormula(formula, shape, length, parameters, draws, bias)


@dataclass(frozen=True)
class RowExacts:
    value: list[Maybe]
    gradient: list[Maybe]  # by element of the row; 0 where it is left out
    by_parameter: dict[str, Maybe]


def _evaluate(name: str, case: RowCase, draws: tuple[float, ...]) -> RowExacts:
    """A row from which elements are left out is the row of the others, with a gradient of 0."""
    keeps = ACTIVATIONS[name].row_shape == "keep"
    x = case.kept(case.x)
    if any(map(math.isnan, case.x)):
        nothing = math.nan if ACTIVATIONS[name].row_shape != "twice" else None
        return RowExacts([nothing] * len(case.upstream), [nothing] * len(case.x), {})
    if all(number == -math.inf for number in x) and (not x or name not in HAVE_LIMITS):
        empty: list[Maybe] = [EMPTY_ROWS.get(name, 0.0)] * len(case.upstream)
        learnable = [p.name for p in ACTIVATIONS[name].numbers if p.learnable]
        return RowExacts(empty, [0.0] * len(case.x), dict.fromkeys(learnable, 0.0))
    bias = case.kept(case.bias) if case.bias else ()
    upstream = case.kept(case.upstream) if keeps else case.upstream
    try:
        formula = _formula(name, len(x), case.kept(draws) if draws else (), bias)
        found = formula.evaluate(RowCase(x, upstream, case.arguments))
    except (Undefined, ValueError):  # a comparison of equal infinities, too
        return RowExacts([None] * len(case.upstream), [None] * len(case.x), {})
    value = list(map(to_exact, found.value))
    gradient = list(map(to_exact, found.gradient))
    if case.mask:
        gradient = _spread(gradient, case.mask, [0.0] * len(case.x))
        value = _spread(value, case.mask, _left_out(name, case, draws)) if keeps else value
    return RowExacts(value, gradient, {k: to_exact(v) for k, v in found.by_parameter.items()})


def _left_out(name: str, case: RowCase, draws: tuple[float, ...]) -> list[Maybe]:
    """The values where what is left out is an infinity of the sign that gives it no weight."""
    for infinity in (-math.inf, math.inf):
        mask = case.mask or ()
        x = [x if keep else infinity for x, keep in zip(case.x, mask, strict=True)]
        try:
            return list(map(to_exact, _formula(name, len(x), draws, ()).value(x, case.arguments)))
        except Undefined:
            continue
    return [None] * len(case.x)


def _spread(kept: Sequence[Maybe], mask: Sequence[int], others: Sequence[Maybe]) -> list[Maybe]:
    supply = iter(kept)
    return [next(supply) if keep else other for keep, other in zip(mask, others, strict=True)]


def rows(name: str, x: Array, options: RowOptions, upstream: Array | None) -> Exacts:
    activation = ACTIVATIONS[name]
    shape = x.shape
    layout = rows_of(name, shape, options)
    width = math.prod(output_shape(name, shape, options))
    factors = [1.0] * width if upstream is None else upstream.reshape(-1).tolist()
    flat = x.reshape(-1).tolist()
    mask = _met(options.mask, shape)
    bias = _met(options.bias, shape)
    row_shape = [1 if i in options.axes else n for i, n in enumerate(shape)]
    met = {k: grid.met_by(row_shape).reshape(-1).tolist() for k, grid in options.numbers.items()}
    value: list[Maybe] = [None] * width
    gradient: list[Maybe] = [None] * x.size
    terms: dict[str, list[list[Maybe]]] = {
        p.name: [[] for _ in range(_size(options, p.name))]
        for p in activation.numbers
        if p.learnable
    }
    for r, row in enumerate(layout):
        arguments = {p.name: p.default for p in activation.numbers}
        for k, grid in options.numbers.items():
            arguments[k] = float(grid.numbers.reshape(-1)[met[k][r]])
        case = RowCase(
            tuple(flat[i] for i in row.inputs),
            tuple(factors[o] for o in row.outputs),
            arguments,
            None if mask is None else tuple(int(mask[i]) for i in row.inputs),
            None if bias is None else tuple(bias[i] for i in row.inputs),
        )
        found = _evaluate(name, case, _draws(name, options, row))
        for o, exact in zip(row.outputs, found.value, strict=True):
            value[o] = exact
        for i, exact in zip(row.inputs, found.gradient, strict=True):
            gradient[i] = exact
        for k in terms:
            terms[k][met[k][r] if k in met else 0].append(found.by_parameter.get(k))
    if options.bias is not None:
        terms["bias"] = grouped(gradient, options.bias.met_by(shape), options.bias.numbers.size)
    return Exacts(value, [gradient], [], terms)


def _size(options: RowOptions, parameter: str) -> int:
    grid = options.numbers.get(parameter)
    return 1 if grid is None else int(grid.numbers.size)


def _met(grid: Grid | None, shape: Sequence[int]) -> list[float] | None:
    if grid is None:
        return None
    found: list[float] = grid.numbers.reshape(-1)[grid.met_by(shape).reshape(-1)].tolist()
    return found


def _draws(name: str, options: RowOptions, row: Row) -> tuple[float, ...]:
    if not ACTIVATIONS[name].is_random:
        return ()
    if options.seed is None:
        return tuple(0.5 for _ in row.inputs)
    return tuple(philox.inner_uniform(options.seed, options.offset + i) for i in row.inputs)
