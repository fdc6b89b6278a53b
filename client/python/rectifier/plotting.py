"""Curves of activations."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rectifier.client import Client
from rectifier.evaluation import Argument, Evaluation
from rectifier.result import Result

_QUANTITIES = ("value", "gradient")


def plot(
    *activations: str,
    client: Client | None = None,
    limits: tuple[float, float] = (-4.0, 4.0),
    points: int = 801,
    arguments: Mapping[str, Argument] | None = None,
    preset: str = "",
) -> Any:
    """Draws value and gradient of elementwise activations, `plot("gelu", "mish")`, by matplotlib.

    arguments, preset: of all of them. client: default: one of the default target, for this call.

    Returns the figure of matplotlib, which a notebook shows, and which savefig() writes to a file.

    Errors: those of Client.evaluate_batch; ImportError where matplotlib is not installed;
    ValueError where there is nothing to draw.
    """
    if not activations:
        raise ValueError('no activation is given; give some, as in plot("gelu", "mish")')
    if client is None:
        with Client() as own:
            return plot(
                *activations,
                client=own,
                limits=limits,
                points=points,
                arguments=arguments,
                preset=preset,
            )
    x = np.linspace(*limits, points)
    results = client.evaluate_batch(
        [
            Evaluation(name, (x,), arguments or {}, preset=preset, gradient=True)
            for name in activations
        ]
    )
    return _figure(x, dict(zip(activations, results, strict=True)))


def _figure(x: Any, results: Mapping[str, Result]) -> Any:
    # Not pyplot, whose windows and state are the caller's.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, quantity in zip(figure.subplots(1, 2), _QUANTITIES, strict=True):
        for name, result in results.items():
            axes.plot(x, getattr(result, quantity), label=name)
        axes.set_title(quantity)
        axes.set_xlabel("x")
        axes.grid(alpha=0.3)
        axes.legend()
    return figure
