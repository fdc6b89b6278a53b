"""ONNX's nodes as evaluations of ours: operators and attributes are names, or aliases, here too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from node_tests import BFLOAT16, NodeTest, Tensor
from numpy.typing import NDArray

FLOATS = {"float16", BFLOAT16, "float32", "float64"}

# The parameters that the inputs after the first stand for.
PARAMETERS = {"PRelu": ("slope",), "Clip": ("min", "max"), "ReduceLogSumExp": ("axes",)}
PAIRS = {"SwiGLU"}

# Softmax and its kin made a matrix of their input until this operator set.
ALONG_AN_AXIS = {"Softmax", "LogSoftmax", "Hardmax"}
LAST_OF_MATRICES = 12
# Slopes ran along axis 1 until this one.
LAST_OF_CHANNELS = 6


class NotExpressibleError(Exception):
    """What a node says that no evaluation can."""


@dataclass(frozen=True)
class Channels:
    """A tensor along axis 1."""

    array: NDArray[Any]


@dataclass(frozen=True, eq=False)
class NodeEvaluation:
    activation: str
    inputs: tuple[Tensor, ...]
    arguments: dict[str, float | str | NDArray[Any] | Channels]


def evaluation(test: NodeTest) -> NodeEvaluation:
    """Errors: NotExpressibleError, with the reason."""
    x = _floats(test.inputs[0])
    if test.operator in PAIRS:
        inputs = tuple(_floats(each) for each in test.inputs)
        return NodeEvaluation(test.operator, inputs, {**_attributes(test), "gate": "first"})
    arguments = _attributes(test)
    for name, given in zip(PARAMETERS.get(test.operator, ()), test.inputs[1:], strict=False):
        if given is not None and given.array.size:
            arguments[name] = _parameter(test, given)
    if test.operator in ALONG_AN_AXIS and test.operator_set <= LAST_OF_MATRICES:
        x = _matrix(x, int(test.attributes.get("axis", 1)))
        arguments["axis"] = -1.0
    is_tanh = test.attributes.get("approximate") == "tanh"
    return NodeEvaluation("gelu_tanh" if is_tanh else test.operator, (x,), arguments)


def _floats(given: Tensor | None) -> Tensor:
    if given is None:
        raise NotExpressibleError("a sequence or an optional value instead of a tensor")
    if given.element_type not in FLOATS:
        raise NotExpressibleError(f"{given.element_type}: activations here are of floating point")
    return given


def _attributes(test: NodeTest) -> dict[str, float | str | NDArray[Any] | Channels]:
    arguments: dict[str, float | str | NDArray[Any] | Channels] = {}
    for name, value in test.attributes.items():
        if name == "noop_with_empty_axes" and value:
            raise NotExpressibleError("a reduction along no axis")
        if name == "keepdims":
            arguments[name] = "true" if value else "false"
        elif isinstance(value, list):
            arguments[name] = np.array(value, np.float64)
        elif isinstance(value, int | float) and name != "noop_with_empty_axes":
            arguments[name] = float(value)
    return arguments


def _parameter(test: NodeTest, given: Tensor) -> float | NDArray[Any] | Channels:
    array = given.numbers()
    if array.dtype.kind == "i":
        return array.astype(np.float64)
    if array.ndim == 0:
        return float(array)
    if test.operator_set <= LAST_OF_CHANNELS and array.shape != (1,):
        return Channels(array)
    return array


def _matrix(x: Tensor, axis: int) -> Tensor:
    rows = math.prod(x.array.shape[:axis])
    columns = math.prod(x.array.shape[axis:])
    return Tensor(x.element_type, x.array.reshape(rows, columns))
