"""Our results for a framework's cases, from a server under that framework's preset."""

from __future__ import annotations

from typing import Any

import case
import numpy as np
import results
from numpy.typing import NDArray

import rectifier

Results = results.OfCase | str
"""Or the message of the error that the server answered with."""


def evaluate(
    client: rectifier.Client, preset: str, each: case.Case, element_types: tuple[str, ...]
) -> Results:
    found: results.OfCase = {}
    for element_type in element_types:
        try:
            quantities = _evaluate(client, preset, each, np.dtype(element_type))
        except rectifier.RectifierError as error:
            return str(error)
        for quantity, array in quantities.items():
            found[element_type, quantity] = array
    return found


def _evaluate(
    client: rectifier.Client, preset: str, each: case.Case, element_type: np.dtype[Any]
) -> dict[str, NDArray[Any]]:
    inputs = tuple(x.astype(element_type) for x in each.inputs)
    arguments = {name: _argument(value, element_type) for name, value in each.arguments.items()}

    def call(upstream: NDArray[Any] | None, **quantities: bool) -> rectifier.Result:
        return client.evaluate(
            each.name,
            *inputs,
            arguments=arguments,
            preset=preset,
            upstream=upstream,
            **quantities,
        )

    value = call(None).value
    found = {case.VALUE: value}
    if not each.has_gradient:
        return found
    upstream = case.upstream(value.shape).astype(element_type)
    result = call(upstream, gradient=True, parameter_gradients=bool(each.parameters))
    found[case.GRADIENT] = result.gradient
    for name in each.parameters:
        found[case.PARAMETER_GRADIENT + name] = result.parameter_gradients[name]
    if each.is_elementwise:
        infinite = np.full(value.shape, np.inf, element_type)
        found[case.GRADIENT_INF] = call(infinite, gradient=True).gradient
    return found


def _argument(value: case.Argument, element_type: np.dtype[Any]) -> rectifier.Argument:
    return value.astype(element_type) if isinstance(value, np.ndarray) else value
