"""Prints value and gradient of three activations over a few numbers."""

import numpy as np

import rectifier

with rectifier.Client(timeout=10) as client:
    x = np.linspace(-4, 4, 9, dtype=np.float32)
    for name in ("relu", "gelu", "silu"):
        result = client.evaluate(name, x, gradient=True)
        for numbers in zip(x, result.value, result.gradient, strict=True):
            print(name, *(f"{number:+.6f}" for number in numbers))
