"""Cases of every activation of rows: axes, temperature, masks, biases, draws, special values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from catalogue import Activation

from drafts import UPSTREAM, Answer, Arguments, Draft, cycle, rounded
from formats import FLOATS
from oracle import ACTIVATIONS, Grid
from oracle_rows import RowOptions, output_shape, rows
from vectors import Evaluation, TensorArgument

PLAIN = (0.5, -1.25, 3.0, 0.0, -4.5, 2.25, 1.0, -0.375, 5.5, -2.0, 0.875)
SPECIAL = (
    (math.nan, 0.5, 1.0, -2.0),
    (-math.inf, 0.5, 1.0, -2.0),
    (-math.inf, -math.inf, -math.inf, -math.inf),
    (1.5, 1.5, 1.5, 1.5),
    (-0.0, 0.0, -0.0, 0.0),
    (-1024.0, -1016.0, -1000.0, -1024.0),
    (40.0, 0.0, -40.0, 38.0),
)
BIAS = (0.75, -math.inf, 0.0, -1.5, 2.0, 0.25)


@dataclass
class RowDraft:
    """One evaluation of rows; each argument is put into the request and into the options."""

    activation: Activation
    type: str
    about: str
    shape: tuple[int, ...]
    x: Sequence[float]
    axes: tuple[int, ...]
    upstream: bool = True
    quantities: tuple[str, ...] = ()
    arguments: Arguments = field(default_factory=dict)
    changes: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draft = Draft(f"{self.activation.name} {self.type} {self.about}")
        self.draft.tensor(self.type, self.shape, rounded(self.type, self.x))
        self.options = RowOptions(self.axes)

    def tensor(self, name: str, type_: str, shape: Sequence[int], numbers: Sequence[float]) -> Grid:
        index = self.draft.tensor(type_, shape, rounded(type_, numbers))
        self.arguments[name] = TensorArgument(index)
        return Grid(self.draft.array(index))

    def finish(self) -> Draft:
        self.options = replace(self.options, **self.changes)
        name, upstream = self.activation.name, None
        if self.upstream:
            shape = output_shape(name, self.shape, self.options)
            upstream = self.draft.tensor(self.type, shape, cycle(UPSTREAM, math.prod(shape)))
        quantities = self.quantities or self.activation.quantities

        def answer():  # type: ignore[no-untyped-def]
            dy = None if upstream is None else self.draft.array(upstream)
            return rows(name, self.draft.array(0), self.options, dy)

        self.draft.ask(
            Evaluation(name, (0,), self.arguments, "", quantities, upstream), Answer(name, answer)
        )
        return self.draft


def has(activation: Activation, name: str) -> bool:
    return any(p.name == name for p in activation.parameters)


def special_values(activation: Activation, type_: str) -> Draft:
    numbers = [number for row in SPECIAL for number in row]
    quantities = ("value", "gradient")
    shape = (len(SPECIAL), 4)
    draft = RowDraft(
        activation, type_, "special values", shape, numbers, (1,), quantities=quantities
    )
    return draft.finish()


def along_an_axis(activation: Activation, type_: str, axis: int) -> Draft:
    """Axis 0 or 1 of three; where there is a temperature or the like, a number for it."""
    shape = (4, 2, 3) if axis == 0 else (2, 4, 3)
    x = cycle(PLAIN, 24, axis)
    draft = RowDraft(activation, type_, f"along axis {axis - 3}", shape, x, (axis,))
    draft.arguments["axis"] = float(axis - 3)
    numbers = {}
    for parameter in activation.numbers:
        number = 1.25 if parameter.name == "alpha" else 0.5
        draft.arguments[parameter.name] = number
        numbers[parameter.name] = Grid(np.array(number))
    draft.changes["numbers"] = numbers
    if activation.is_random:
        draft.arguments |= {"seed": float(2**51 + 7), "offset": 1000.0}
        draft.changes |= {"seed": 2**51 + 7, "offset": 1000}
    if has(activation, "pieces"):
        draft.arguments["pieces"] = 4.0
        draft.changes["pieces"] = 4
    if has(activation, "keepdims"):
        draft.arguments["keepdims"] = "true"
        draft.changes["keepdims"] = True
    return draft.finish()


def masked(activation: Activation, type_: str, mask_type: str) -> Draft:
    """A mask that broadcasts, and where there can be one a bias; a row that is left out whole."""
    shape = (3, 4)
    draft = RowDraft(activation, type_, f"mask of {mask_type}", shape, cycle(PLAIN, 12, 3), (1,))
    mask = [1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1]
    draft.changes["mask"] = draft.tensor("mask", mask_type, shape, [float(m) for m in mask])
    return draft.finish()


def biased(activation: Activation, type_: str, bias_type: str) -> Draft:
    shape = (2, 2, 3)
    draft = RowDraft(activation, type_, f"bias of {bias_type}", shape, cycle(PLAIN, 12, 5), (2,))
    draft.changes["bias"] = draft.tensor("bias", bias_type, (2, 1, 3), BIAS)
    return draft.finish()


def over_axes(activation: Activation, type_: str, word: bool) -> Draft:
    """Several axes in a tensor, or all by the word; a tensor for the temperature."""
    shape = (2, 3, 2)
    axes = (0, 1, 2) if word else (0, 2)
    about = "over all axes" if word else "over axes 0 and -1"
    draft = RowDraft(activation, type_, about, shape, cycle(PLAIN, 12, 1), axes)
    if word:
        draft.arguments["axis"] = "all"
    else:
        draft.tensor("axis", "float32", (2,), (0.0, -1.0))
        numbers = {}
        for parameter in activation.numbers:
            given = (1.5, 2.0, 3.5) if parameter.name == "alpha" else (0.5, 1.0, 2.5)
            numbers[parameter.name] = draft.tensor(
                parameter.name, "float64" if type_ == "float16" else "float32", (3, 1), given
            )
        draft.changes["numbers"] = numbers
    return draft.finish()


def drafts() -> Iterator[Draft]:
    for activation in ACTIVATIONS.values():
        if activation.kind != "rows":
            continue
        for turn, type_ in enumerate(FLOATS):
            yield special_values(activation, type_)
            yield along_an_axis(activation, type_, turn % 2)
            if has(activation, "mask"):
                yield masked(activation, type_, ("bool", *FLOATS)[turn + turn // 3])
            if activation.has_bias:
                yield biased(activation, type_, FLOATS[(turn + 2) % 4])
            if any(p.type == "axes" for p in activation.parameters):
                yield over_axes(activation, type_, turn % 2 == 1)
