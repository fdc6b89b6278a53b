"""A case: one name of ours beside the call of a framework that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Argument = float | str | Array

FLOAT32 = "float32"
FLOAT64 = "float64"

# Quantities, as they are called in reports and in files.
VALUE = "value"
GRADIENT = "gradient"  # with the upstream that `Case.upstream` gives
GRADIENT_INF = "gradient, upstream inf"
PARAMETER_GRADIENT = "gradient by "  # and the parameter's name

# Kinks of every default, signed zeros, both sides of the tails, what overflows when it is squared.
ELEMENTWISE = np.array(
    [
        *(0.0, -0.0, 1e-30, -1e-30, 0.01, -0.01, 0.25, -0.25, 0.5, -0.5, 1.0, -1.0),
        *(1.5, -1.5, 2.0, -2.0, 2.5, -2.5, 3.0, -3.0, 4.0, -4.0, 6.0, -6.0, 7.0, -7.0),
        *(10.0, -10.0, 20.0, -20.0, 21.0, -21.0, 50.0, -50.0, 1000.0, -1000.0),
        *(1e30, -1e30, 3e38, -3e38, np.inf, -np.inf, np.nan),
    ]
)

# What sums over all elements, as parameters' gradients are, say something of.
FINITE = ELEMENTWISE[np.abs(ELEMENTWISE) < 1e4]

# Rows along the last axis of four: ordinary, ties, signed zeros, far apart, huge, and special ones.
ROWS = np.array(
    [
        [1.0, 2.0, 3.0, -1.0],
        [0.5, 0.5, 0.5, 0.5],
        [2.0, 2.0, -1.0, 0.0],
        [0.0, -0.0, -0.0, 0.0],
        [1000.0, 0.0, -1000.0, 999.0],
        [3e38, -3e38, 0.0, 1.0],
        [-np.inf, 0.0, 1.0, -np.inf],
        [-np.inf, -np.inf, -np.inf, -np.inf],
        [np.inf, 0.0, 1.0, -1.0],
        [np.inf, np.inf, 1.0, -1.0],
        [np.nan, 0.0, 1.0, 2.0],
    ]
)

# Finite, of which no two axes are alike, to see which one is worked along.
CUBE = np.sin(np.arange(24.0) * 1.7).reshape(2, 4, 3) * 3
BLOCK = np.sin(np.arange(96.0) * 1.7).reshape(2, 4, 6, 2) * 3


@dataclass(frozen=True, eq=False)
class Case:
    """The expression `theirs` gives what our activation `name` does, under the framework's preset.

    `theirs` is Python over the framework's names, `x` (and `y`, for a second input), and the
    arguments by our names: what a framework leaves to its defaults, it leaves out.
    """

    name: str
    theirs: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    inputs: tuple[Array, ...] = (ELEMENTWISE,)
    parameters: tuple[str, ...] = ()
    """The arguments by which the framework differentiates too."""
    has_gradient: bool = True

    @property
    def key(self) -> str:
        return f"{self.name}: {self.theirs}{_text(self.arguments)} of {self._shapes()}"

    @property
    def is_elementwise(self) -> bool:
        return self.inputs[0] is ELEMENTWISE

    def _shapes(self) -> str:
        return " and ".join(str(list(array.shape)) for array in self.inputs)


def _text(arguments: Mapping[str, Argument]) -> str:
    if not arguments:
        return ""
    pairs = (
        f"{name}={value if isinstance(value, str) else np.asarray(value).tolist()}"
        for name, value in arguments.items()
    )
    return f" with {', '.join(pairs)}"


def upstream(shape: tuple[int, ...]) -> Array:
    """Upstreams that sum up to something along any axis; ones for vectors."""
    if len(shape) <= 1:
        return np.ones(shape)
    return 1.0 + np.arange(float(np.prod(shape))).reshape(shape) % 5
