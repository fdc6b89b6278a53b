"""PyTorch's results: autograd with an upstream of ones, once and twice. See peer_process.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import peer_process

try:
    import torch
    from torch.nn import functional
except ImportError:
    sys.exit(peer_process.ABSENT)

FUNCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "celu": functional.celu,
    "softplus": functional.softplus,
    "log_sigmoid": functional.logsigmoid,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softsign": functional.softsign,
    "silu": functional.silu,
    "gelu": functional.gelu,
    "gelu_tanh": partial(functional.gelu, approximate="tanh"),
    "mish": functional.mish,
    "hard_tanh": functional.hardtanh,
    "hard_swish": functional.hardswish,
    "hard_sigmoid": functional.hardsigmoid,
    "tanh_shrink": functional.tanhshrink,
    "soft_shrink": functional.softshrink,
    "hard_shrink": functional.hardshrink,
}


def evaluate(function: Callable[[torch.Tensor], torch.Tensor], x: Any) -> dict[str, Any]:
    inputs = torch.from_numpy(x).requires_grad_()
    ones = torch.ones_like(inputs)
    results = {"value": function(inputs)}
    (results["gradient"],) = torch.autograd.grad(results["value"], inputs, ones, create_graph=True)
    second = second_derivative(results["gradient"], inputs)
    if second is not None:
        results["second_derivative"] = second
    return {quantity: result.detach().numpy() for quantity, result in results.items()}


def second_derivative(gradient: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor | None:
    """None where PyTorch has none."""
    if not gradient.requires_grad:
        return None
    try:
        ones = torch.ones_like(inputs)
        (second,) = torch.autograd.grad(gradient, inputs, ones, allow_unused=True)
    except RuntimeError as error:
        if "not implemented" not in str(error):
            raise
        return None
    return second


def main() -> None:
    peer_process.run(
        torch.__version__.partition("+")[0],
        {name: partial(evaluate, function) for name, function in FUNCTIONS.items()},
    )


if __name__ == "__main__":
    main()
