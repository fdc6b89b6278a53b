"""What the demo checks the server against: plain NumPy in float64, written from the definitions."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array64 = NDArray[np.float64]
Function = Callable[[Array64], Array64]


@dataclass(frozen=True)
class Reference:
    value: Function
    derivative: Function


def sigmoid(x: Array64) -> Array64:
    return 1 / (1 + np.exp(-x))


def normal_cdf(x: Array64) -> Array64:
    return np.array([math.erfc(-t / math.sqrt(2)) / 2 for t in x.flat]).reshape(x.shape)


def normal_density(x: Array64) -> Array64:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def softplus(x: Array64) -> Array64:
    return np.logaddexp(0, x)


def mish_derivative(x: Array64) -> Array64:
    gate: Array64 = np.tanh(softplus(x))
    slope_of_gate: Array64 = sigmoid(x) / np.cosh(softplus(x)) ** 2
    return gate + x * slope_of_gate


ELEMENTWISE = {
    "relu": Reference(lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, 1.0, 0.0)),
    "elu": Reference(
        lambda x: np.where(x > 0, x, np.expm1(x)), lambda x: np.where(x > 0, 1, np.exp(x))
    ),
    "softplus": Reference(softplus, sigmoid),
    "gelu": Reference(lambda x: x * normal_cdf(x), lambda x: normal_cdf(x) + x * normal_density(x)),
    "silu": Reference(lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
    "mish": Reference(lambda x: x * np.tanh(softplus(x)), mish_derivative),
}


def softmax(x: Array64) -> Array64:
    """Along the last axis."""
    powers: Array64 = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_gradient(x: Array64, upstream: NDArray[np.float32]) -> Array64:
    y = softmax(x)
    return y * (upstream - (y * upstream).sum(axis=-1, keepdims=True))


def worst_error(result: NDArray[np.float32], exact: Array64) -> float:
    """The largest distance, in units in the last place of the exact result in float32."""
    spacing = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
    return float(np.max(np.abs(result - exact) / spacing))
