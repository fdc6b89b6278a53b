"""Cases of every elementwise activation: special values, arguments, and tensors for parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import points
from catalogue import Activation

from drafts import UPSTREAM, Answer, Arguments, Draft, cycle, rounded
from formats import FLOATS, FORMATS
from oracle import ACTIVATIONS, Grid, elementwise
from vectors import Evaluation, TensorArgument

MIDDLE = (-20.0, -3.5, -1.0, -0.5, 0.25, 1.0, 2.75, 8.0)
PLAIN = (-4.25, -1.5, -0.375, 0.5, 1.25, 3.0, 6.5)


def special(type_: str) -> list[float]:
    """A NaN, infinities, zeros, large numbers, subnormals, and numbers between."""
    format_ = FORMATS[type_]
    least = math.ldexp(1.0, format_.least_exponent - format_.digits + 1)
    normal = math.ldexp(1.0, format_.least_exponent)
    largest = math.ldexp(2.0 - math.ldexp(1.0, 1 - format_.digits), format_.greatest_exponent)
    if type_ == "float64":
        largest *= 0.75  # the oracle looks a little beyond it
    both = [math.inf, largest, normal, 3 * least, least, 0.0]
    return [math.nan, *(-x for x in both), *reversed(both), *MIDDLE]


def offered(activation: Activation, *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name in activation.quantities)


def special_values(activation: Activation, type_: str) -> Draft:
    draft = Draft(f"{activation.name} {type_} special values")
    x = special(type_)
    draft.tensor(type_, [len(x)], x)
    quantities = offered(activation, "value", "gradient", "second_derivative")
    draft.ask(
        Evaluation(activation.name, quantities=quantities),
        Answer(
            activation.name,
            lambda: elementwise(activation.name, draft.array(0), {}, None),
            tuple(x),
        ),
    )
    return draft


def _numbers(activation: Activation, which: int) -> dict[str, float]:
    """A set of arguments; not the draw of a seed, which is no number that a caller gives."""
    sets = points.argument_sets(activation)
    chosen = sets[min(which, len(sets) - 1)]
    return {p.name: chosen[p.name] for p in activation.numbers if p.type != "draw"}


def with_numbers(activation: Activation, type_: str, start: int) -> Draft:
    """Numbers for all parameters, an upstream, all quantities."""
    draft = Draft(f"{activation.name} {type_} numbers and upstream")
    numbers = _numbers(activation, 1)
    draft.tensor(type_, [2, 3], rounded(type_, cycle(PLAIN, 6, start)))
    draft.tensor(type_, [2, 3], cycle(UPSTREAM, 6, start))
    arguments: Arguments = dict(numbers)
    seed = None
    if activation.is_random:
        seed = (2**43 + start, 2**33 + 5)
        arguments |= {"seed": float(seed[0]), "offset": float(seed[1])}
    grids = {name: Grid(np.array(number)) for name, number in numbers.items()}
    draft.ask(
        Evaluation(activation.name, (0,), arguments, "", activation.quantities, 1),
        Answer(
            activation.name,
            lambda: elementwise(activation.name, draft.array(0), grids, draft.array(1), seed),
            at_defaults=False,
        ),
    )
    return draft


def with_tensors(
    activation: Activation,
    name: str,
    type_: str,
    argument_type: str,
    shape: Sequence[int],
    axis: int | None,
) -> Draft:
    """A tensor for every parameter that is a number."""
    draft = Draft(name)
    x_shape = (2, 3, 2)
    draft.tensor(type_, x_shape, rounded(type_, cycle(PLAIN, 12)))
    sets = [_numbers(activation, which) for which in range(4)]
    arguments: Arguments = {}
    grids = {}
    for parameter in activation.numbers:
        if parameter.type == "draw":
            continue
        given = [FORMATS[argument_type].rounded(s[parameter.name]) for s in sets]
        allowed = [n for n in given if parameter.allows(n)] or [parameter.default]
        index = draft.tensor(argument_type, shape, cycle(allowed, math.prod(shape)))
        arguments[parameter.name] = TensorArgument(index, axis)
        grids[parameter.name] = Grid(draft.array(index), axis)
    draft.ask(
        Evaluation(activation.name, (0,), arguments, "", activation.quantities),
        Answer(
            activation.name,
            lambda: elementwise(activation.name, draft.array(0), grids, None),
            at_defaults=False,
        ),
    )
    return draft


def drafts() -> Iterator[Draft]:
    for turn, activation in enumerate(ACTIVATIONS.values()):
        if activation.kind != "elementwise":
            continue
        for start, type_ in enumerate(FLOATS):
            yield special_values(activation, type_)
            yield with_numbers(activation, type_, start)
        if any(p.type != "draw" for p in activation.numbers):
            argument_type = FLOATS[turn % 4]
            yield with_tensors(
                activation,
                f"{activation.name} float32 tensors of {argument_type} along axis 1",
                "float32",
                argument_type,
                [3],
                1,
            )
