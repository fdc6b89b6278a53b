"""Arrays that a caller gives for results to be written to."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rectifier.evaluation import Evaluation
from rectifier.outputs import Shape
from rectifier.tensor import Array

Out = Array | Mapping[str, Array]
"""An array for the only quantity asked for, or arrays by quantity."""

_QUANTITIES = ("value", "gradient", "second_derivative")


def by_path(evaluation: Evaluation, inputs: "list[Array]", path: str) -> dict[str, Array]:
    """The arrays by path in the result; `inputs` are the evaluation's, `path` is for errors.

    Errors: TypeError or ValueError for what a result cannot be written to.
    """
    if evaluation.out is None:
        return {}
    given = evaluation.out
    if not isinstance(given, Mapping):
        given = {_only_quantity(evaluation, path): given}
    for name, array in given.items():
        field = f'{path}.out["{name}"]'
        _check_asked_for(evaluation, name, field)
        _check_array(array, inputs[0].dtype, field)
        if name != "value":
            check_shape(array, field, inputs[0].shape)
    return {"gradients[0]" if name == "gradient" else name: a for name, a in given.items()}


def check_shape(array: Array, field: str, shape: Shape) -> None:
    """Errors: ValueError where the result has another shape."""
    if array.shape != shape:
        raise ValueError(f"{field}: shape {array.shape} given; the result has {shape}")


def _only_quantity(evaluation: Evaluation, path: str) -> str:
    asked = [name for name in _QUANTITIES if getattr(evaluation, name)]
    if len(asked) != 1:
        raise ValueError(
            f"{path}.out: one array for {len(asked)} quantities; give a mapping of quantity to "
            "array, such as {'value': y, 'gradient': dx}"
        )
    return asked[0]


def _check_asked_for(evaluation: Evaluation, name: str, field: str) -> None:
    if name not in _QUANTITIES:
        raise ValueError(f"{field}: a quantity is needed: {', '.join(_QUANTITIES)}")
    if not getattr(evaluation, name):
        raise ValueError(f"{field}: not asked for: pass {name}=True, too")
    if name == "gradient" and len(evaluation.inputs) > 1:
        raise ValueError(f"{field}: there are {len(evaluation.inputs)} gradients; leave it out")


def _check_array(array: Any, dtype: "np.dtype[Any]", field: str) -> None:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{field}: an array of NumPy is needed; given {type(array).__name__}")
    if array.dtype != dtype:
        raise TypeError(f"{field}: dtype {array.dtype} given; the result has {dtype}")
    if not array.flags.writeable:
        raise ValueError(f"{field}: the array is read-only")
