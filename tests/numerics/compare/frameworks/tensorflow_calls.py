"""Calls TensorFlow, with the gradients of its tape."""

from __future__ import annotations

import os
from typing import Any

import case
import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read as it is imported

import tensorflow as tf

NAMES: dict[str, Any] = {"tf": tf, "nn": tf.nn, "math": tf.math}


def version() -> str:
    return str(tf.__version__)


def has(name: str) -> bool:
    return any(hasattr(module, name) for module in NAMES.values())


def evaluate(each: case.Case, element_type: str) -> dict[str, Any]:
    return results_of(each, element_type, NAMES)


def results_of(each: case.Case, element_type: str, names: dict[str, Any]) -> dict[str, Any]:
    """The case's results, its expression evaluated over `names`."""
    arguments: dict[str, Any] = {
        name: tf.constant(argument, element_type)
        if name in each.parameters or isinstance(argument, np.ndarray)
        else _number(argument)
        for name, argument in each.arguments.items()
    }
    x = tf.constant(each.inputs[0], element_type)
    differentiated = {case.GRADIENT: x} | {
        case.PARAMETER_GRADIENT + name: arguments[name] for name in each.parameters
    }
    with tf.GradientTape(persistent=True) as tape:
        for tensor in differentiated.values():
            tape.watch(tensor)
        value = tf.convert_to_tensor(eval(each.theirs, {**names, "x": x, **arguments}))
    results = {case.VALUE: value.numpy()}
    upstream = tf.constant(case.upstream(tuple(value.shape)), value.dtype)
    for quantity, tensor in differentiated.items():
        results[quantity] = _gradient(tape, value, tensor, upstream)
    if each.is_elementwise:
        infinite = tf.fill(tf.shape(value), tf.constant(np.inf, value.dtype))
        results[case.GRADIENT_INF] = _gradient(tape, value, x, infinite)
    return results


def _gradient(tape: Any, value: Any, tensor: Any, upstream: Any) -> Any:
    """Zeros where there is no path, as a constant function has them."""
    return tape.gradient(
        value, tensor, upstream, unconnected_gradients=tf.UnconnectedGradients.ZERO
    ).numpy()


def _number(argument: Any) -> Any:
    """TensorFlow wants axes as integers, and takes integers for every number."""
    return int(argument) if isinstance(argument, float) and argument.is_integer() else argument
