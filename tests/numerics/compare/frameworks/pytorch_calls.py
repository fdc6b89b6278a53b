"""Calls PyTorch, with autograd's gradients."""

from __future__ import annotations

from typing import Any

import case
import machine
import numpy as np
import torch
from torch import nn
from torch.nn import functional

NAMES = {"torch": torch, "nn": nn, "functional": functional}


def version() -> str:
    """Debian's module does not know its own."""
    is_debians = torch.__file__.startswith("/usr/lib/")
    debians = machine.package_version("python3-torch") if is_debians else None
    return debians or str(torch.__version__)


def has(name: str) -> bool:
    return any(hasattr(module, name) for module in (*NAMES.values(), torch.special))


def evaluate(each: case.Case, element_type: str) -> dict[str, Any]:
    tensors = dict(
        zip("xy", (_tensor(x, element_type, each.has_gradient) for x in each.inputs), strict=False)
    )
    arguments: dict[str, Any] = {}
    for name, argument in each.arguments.items():
        differentiate = name in each.parameters
        if isinstance(argument, np.ndarray) or differentiate:
            arguments[name] = _tensor(argument, element_type, differentiate)
        else:
            arguments[name] = _number(argument)
    value = eval(each.theirs, {**NAMES, **tensors, **arguments})
    results = {case.VALUE: value.detach().numpy()}
    if not each.has_gradient:
        return results
    upstream = torch.from_numpy(case.upstream(tuple(value.shape))).to(value.dtype)
    wanted = {case.GRADIENT: tensors["x"]} | {
        case.PARAMETER_GRADIENT + name: arguments[name] for name in each.parameters
    }
    gradients = torch.autograd.grad(value, list(wanted.values()), upstream, retain_graph=True)
    results |= zip(wanted, (each.numpy() for each in gradients), strict=True)
    if each.is_elementwise:
        (gradient,) = torch.autograd.grad(value, tensors["x"], torch.full_like(value, float("inf")))
        results[case.GRADIENT_INF] = gradient.numpy()
    return results


def _tensor(array: Any, element_type: str, differentiate: bool) -> torch.Tensor:
    tensor = torch.from_numpy(np.array(array, dtype=element_type))
    return tensor.requires_grad_(differentiate)


def _number(argument: Any) -> Any:
    """PyTorch wants axes as integers, and takes integers for every number."""
    return int(argument) if isinstance(argument, float) and argument.is_integer() else argument
