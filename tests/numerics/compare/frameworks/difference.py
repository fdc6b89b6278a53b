"""Where two results are not the same convention."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import case
import numpy as np
from numpy.typing import NDArray
from results import OfCase

# A convention shows as more than what the less accurate of two computations loses.
TOLERANCE = {"float32": 1e-4, "float64": 1e-9}

# How two results differ.
ZERO_SIGN = "sign of zero"
NUMBER = "number"  # finite or infinite
NAN = "NaN"  # in one of them
SHAPE = "shape"
ERROR = "error"


@dataclass(frozen=True)
class Difference:
    """Of one element."""

    case: case.Case
    quantity: str
    element_type: str
    kind: str
    where: str
    theirs: float
    ours: float
    inputs: tuple[float, ...] = ()
    """What the element was made of: one number, the row, or nothing where that is not told."""

    def numbers(self) -> str:
        if self.kind in (SHAPE, ERROR):
            return self.where
        return f"at {self.where}: theirs {self.theirs:.9g}, ours {self.ours:.9g}"

    def __str__(self) -> str:
        return f"{self.case.key}: {self.element_type} {self.quantity} {self.numbers()}"


def differences(each: case.Case, theirs: OfCase, ours: OfCase | str) -> list[Difference]:
    if isinstance(ours, str):
        return [Difference(each, case.VALUE, "every type", ERROR, ours, math.nan, math.nan)]
    found = []
    for (element_type, quantity), array in theirs.items():
        found += _of_quantity(each, quantity, element_type, array, ours[element_type, quantity])
    return found


def _of_quantity(
    each: case.Case, quantity: str, element_type: str, theirs: NDArray[Any], ours: NDArray[Any]
) -> list[Difference]:
    if theirs.shape != ours.shape:
        shapes = f"theirs {list(theirs.shape)}, ours {list(ours.shape)}"
        return [Difference(each, quantity, element_type, SHAPE, shapes, math.nan, math.nan)]
    kinds = kinds_of(theirs, ours, TOLERANCE[element_type])
    found = []
    for place in np.argwhere(kinds != ""):  # of rank 0, too
        index = tuple(int(i) for i in place)
        inputs, where = _input(each, element_type, theirs.shape, index)
        found.append(
            Difference(
                each,
                quantity,
                element_type,
                str(kinds[index]),
                where,
                float(theirs[index]),
                float(ours[index]),
                inputs,
            )
        )
    return found


def kinds_of(theirs: NDArray[Any], ours: NDArray[Any], tolerance: float) -> NDArray[Any]:
    """By element, how the two differ; empty where they do not."""
    a, b = theirs.astype(np.float64), ours.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(a - b) <= tolerance * np.maximum(1, np.abs(b))
        close &= np.isfinite(a) & np.isfinite(b)
    either = np.isnan(a) | np.isnan(b)
    both = np.isnan(a) & np.isnan(b)
    signs = (a == 0) & (b == 0) & (np.signbit(a) != np.signbit(b))
    return np.select(
        [both, either, signs, (a == b) | close], ["", NAN, ZERO_SIGN, ""], default=NUMBER
    )


def _input(
    each: case.Case, element_type: str, shape: tuple[int, ...], index: tuple[Any, ...]
) -> tuple[tuple[float, ...], str]:
    """The input's element, or the row where rows are along the last axis; and that in words."""
    x = each.inputs[0].astype(element_type)
    if x.ndim == 1 and x.shape == shape:
        inputs = tuple(float(array.astype(element_type)[index]) for array in each.inputs)
        return inputs, ", ".join(f"{number:g}" for number in inputs)
    place = f"[{', '.join(str(i) for i in index)}]"
    if each.inputs[0] is case.ROWS and shape:
        row = tuple(float(number) for number in x[index[0]])
        return row, f"{place} of [{', '.join(f'{number:g}' for number in row)}]"
    return (), place
