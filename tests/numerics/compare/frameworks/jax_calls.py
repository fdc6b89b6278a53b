"""Calls JAX, with the gradients of jax.vjp."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import case
import jax
import numpy as np
from jax import lax, nn
from jax import numpy as jnp
from jax.scipy import special

jax.config.update("jax_enable_x64", True)

NAMES: dict[str, Any] = {"nn": nn, "jnp": jnp, "lax": lax, "special": special}


def version() -> str:
    return str(jax.__version__)


def has(name: str) -> bool:
    return any(hasattr(module, name) for module in NAMES.values())


def evaluate(each: case.Case, element_type: str) -> dict[str, Any]:
    return results_of(each, element_type, NAMES)


def results_of(each: case.Case, element_type: str, names: dict[str, Any]) -> dict[str, Any]:
    """The case's results, its expression evaluated over `names`."""
    constants: dict[str, Any] = {
        name: _number(argument)
        if name not in each.parameters and not isinstance(argument, np.ndarray)
        else jnp.asarray(argument, element_type)
        for name, argument in each.arguments.items()
    }

    def function(x: Any, *parameters: Any) -> Any:
        variables = constants | dict(zip(each.parameters, parameters, strict=True))
        return jnp.asarray(eval(each.theirs, {**names, "x": x, **variables}))

    x = jnp.asarray(each.inputs[0], element_type)
    return _differentiate(each, function, x, [constants[name] for name in each.parameters])


def _differentiate(
    each: case.Case, function: Callable[..., Any], x: Any, parameters: list[Any]
) -> dict[str, Any]:
    value, pull_back = jax.vjp(function, x, *parameters)
    upstream = jnp.asarray(case.upstream(tuple(value.shape)), value.dtype)
    gradient, *by_parameter = pull_back(upstream)
    results = {case.VALUE: value, case.GRADIENT: gradient}
    results |= zip(
        (case.PARAMETER_GRADIENT + name for name in each.parameters), by_parameter, strict=True
    )
    if each.is_elementwise:
        results[case.GRADIENT_INF] = pull_back(jnp.full_like(value, jnp.inf))[0]
    return results


def _number(argument: Any) -> Any:
    """JAX wants axes as integers, and takes integers for every number."""
    return int(argument) if isinstance(argument, float) and argument.is_integer() else argument
