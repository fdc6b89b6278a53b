"""JAX's results on the CPU: jax.grad, once and twice, compiled. See peer_process.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import peer_process

try:
    import jax
except ImportError:
    sys.exit(peer_process.ABSENT)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "celu": jax.nn.celu,
    "softplus": jax.nn.softplus,
    "squareplus": jax.nn.squareplus,
    "log_sigmoid": jax.nn.log_sigmoid,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jax.numpy.tanh,
    "softsign": jax.nn.soft_sign,
    "silu": jax.nn.silu,
    "gelu": partial(jax.nn.gelu, approximate=False),
    "gelu_tanh": partial(jax.nn.gelu, approximate=True),
    "mish": jax.nn.mish,
    "hard_tanh": jax.nn.hard_tanh,
    "hard_swish": jax.nn.hard_swish,
    "hard_sigmoid": jax.nn.hard_sigmoid,
}


def evaluate(function: Callable[[Any], Any], x: Any, element_type: str) -> dict[str, Any]:
    inputs = jax.numpy.asarray(x, dtype=element_type)
    derivatives = [function, jax.grad(function), jax.grad(jax.grad(function))]
    results = [jax.jit(jax.vmap(each))(inputs).astype("float32") for each in derivatives]
    return dict(zip(peer_process.QUANTITIES, results, strict=True))


def main() -> None:
    peer_process.run(
        jax.__version__,
        {name: partial(evaluate, function) for name, function in FUNCTIONS.items()},
    )


if __name__ == "__main__":
    main()
