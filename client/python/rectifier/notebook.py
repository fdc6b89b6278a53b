"""How results look in a notebook: a table of the arrays, and a small plot."""

import html
from collections.abc import Mapping

import numpy as np

from rectifier.foreign import float32_of_bits
from rectifier.tensor import Array

# Grey enough for light and dark pages; one for each curve.
_COLOURS = ("#1f77b4", "#d1650f", "#2a8f2a")
_WIDTH, _HEIGHT, _MARGIN = 320, 160, 6
_MOST_POINTS = 400


def result_html(x: Array, arrays: Mapping[str, Array]) -> str:
    """x: the input; arrays: the results by the expression that gives each."""
    rows = "".join(_row(name, array) for name, array in arrays.items())
    head = "".join(f"<th>{name}</th>" for name in ("", "dtype", "shape", "min", "max"))
    return f"<table><tr>{head}</tr>{rows}</table>{_plot(x, arrays)}"


def _row(name: str, array: Array) -> str:
    finite = _finite(array)
    extremes = [f"{finite.min():.6g}", f"{finite.max():.6g}"] if finite.size else ["", ""]
    cells = [str(array.dtype), str(array.shape), *extremes]
    return f"<tr><th>{html.escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _finite(array: Array) -> Array:
    if array.dtype == np.uint16:  # bits of bfloat16
        array = float32_of_bits(array)
    numbers = np.asarray(array, np.float64)
    finite: Array = numbers[np.isfinite(numbers)]
    return finite


def _plot(x: Array, arrays: Mapping[str, Array]) -> str:
    """Of results that have the input's shape, against the input."""
    names = [name for name, array in arrays.items() if array.shape == x.shape]
    if x.dtype.kind != "f" or x.size < 2 or not names:
        return ""
    flat = np.asarray(x, np.float64).reshape(-1)
    order = np.argsort(flat, kind="stable")
    order = order[np.unique(np.linspace(0, order.size - 1, _MOST_POINTS).astype(np.intp))]
    curves = [np.asarray(arrays[name], np.float64).reshape(-1)[order] for name in names]
    horizontal = _scaled(flat[order], flat[order], _WIDTH)
    together = np.concatenate(curves)
    lines = ""
    for curve, colour in zip(curves, _COLOURS, strict=False):
        vertical = _HEIGHT - _scaled(curve, together, _HEIGHT)
        fits = np.isfinite(horizontal) & np.isfinite(vertical)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(horizontal[fits], vertical[fits]))  # noqa: B905
        lines += f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'
    legend = ", ".join(
        f'<span style="color:{colour}">{html.escape(name)}</span>'
        for name, colour in zip(names, _COLOURS, strict=False)
    )
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}">{lines}</svg><div>{legend}</div>'


def _scaled(numbers: Array, domain: Array, size: int) -> Array:
    """From the finite range of `domain` to pixels."""
    finite = domain[np.isfinite(domain)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    scaled: Array = _MARGIN + (numbers - low) / ((high - low) or 1.0) * (size - 2 * _MARGIN)
    return scaled
