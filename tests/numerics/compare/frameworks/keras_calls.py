"""Calls Keras on TensorFlow, with the gradients of its tape."""

from __future__ import annotations

import os
from typing import Any

import case
import tensorflow_calls

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # it reads the variable
from keras import activations, layers, ops

NAMES: dict[str, Any] = {
    "keras": keras,
    "activations": activations,
    "layers": layers,
    "ops": ops,
}


def version() -> str:
    return f"{keras.__version__} on TensorFlow {tensorflow_calls.version()}"


def has(name: str) -> bool:
    return any(hasattr(module, name) for module in (activations, layers, ops))


def evaluate(each: case.Case, element_type: str) -> dict[str, Any]:
    return tensorflow_calls.results_of(each, element_type, NAMES)
