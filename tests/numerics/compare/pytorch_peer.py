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


def evaluate(
    function: Callable[[torch.Tensor], torch.Tensor], x: Any, element_type: str
) -> dict[str, Any]:
    inputs = torch.from_numpy(x).to(getattr(torch, element_type)).requires_grad_()
    results = {}
    result: torch.Tensor | None = function_or_none(function, inputs)
    for quantity in peer_process.QUANTITIES:
        if result is None:
            break
        results[quantity] = result.detach().float().numpy()
        result = function_or_none(derivative, result, inputs)
    return results


def derivative(result: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor | None:
    """With an upstream of ones; None where autograd has lost its way to the inputs."""
    if not result.requires_grad:
        return None
    ones = torch.ones_like(result)
    (gradient,) = torch.autograd.grad(result, inputs, ones, create_graph=True, allow_unused=True)
    return gradient


def function_or_none(
    function: Callable[..., torch.Tensor | None], *arguments: torch.Tensor
) -> torch.Tensor | None:
    """None where PyTorch has no such derivative, or not for the element type."""
    try:
        return function(*arguments)
    except RuntimeError as error:
        if "not implemented" not in str(error):
            raise
        return None


def main() -> None:
    peer_process.run(
        torch.__version__.partition("+")[0],
        {name: partial(evaluate, function) for name, function in FUNCTIONS.items()},
    )


if __name__ == "__main__":
    main()
