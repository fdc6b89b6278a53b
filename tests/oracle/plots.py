"""The plots in the README: each activation with its gradient, and ReLU against GELU near 0."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import svg
from svg import BLUE, ORANGE

import panel
from catalogue import FAMILIES, ROOT, Activation
from curves import Drawing, draw, kinks_of
from exact import result_at
from golden import columns
from panel import Window
from points import roots

DIRECTORY = ROOT / "core" / "plots"
COMPARED = ("relu", "gelu")
# Room around a panel, in pixels.
LEFT, RIGHT, ABOVE, BELOW = 26, 14, 56, 28
LEGEND = 40  # above the panels of a figure
LINES = [("value", BLUE, False), ("gradient", ORANGE, True)]


def figures(activations: list[Activation]) -> dict[str, str]:
    """File name and content of every plot."""
    found = {
        f"{family}.svg": _family(heading, [a for a in activations if a.family == family])
        for family, heading in FAMILIES.items()
        if any(a.family == family for a in activations)
    }
    by_name = {a.name: a for a in activations}
    if by_name.keys() >= set(COMPARED):
        found["_against_".join(COMPARED) + ".svg"] = _comparison([by_name[n] for n in COMPARED])
    return found


def write(activations: list[Activation], directory: Path = DIRECTORY) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in figures(activations).items():
        (directory / name).write_text(content)


def _family(heading: str, members: list[Activation]) -> str:
    """Small multiples of one scale."""
    left, right = _span(members)
    drawings = [draw(member, left, right) for member in members]
    window = Window(left, right, *_heights(drawings), scale=176 / (right - left))
    across, down = LEFT + window.width + RIGHT, ABOVE + window.height + BELOW
    per_row = min((4, 3), key=lambda count: -len(members) % count)  # the fewest empty places
    width = across * min(per_row, len(members))
    height = LEGEND + down * math.ceil(len(members) / per_row)
    panels = [
        svg.group(
            LEFT + across * (index % per_row),
            LEGEND + ABOVE + down * (index // per_row),
            _panel(window, drawing),
        )
        for index, drawing in enumerate(drawings)
    ]
    title = f"{heading}: each activation with its gradient"
    legend = [svg.text(LEFT, 20, heading, "title"), *svg.legend(LEFT, LEGEND, LINES)]
    body = [panel.clip(window), *legend, *panels]
    return svg.document(max(width, 300), height, title, body)


def _span(members: list[Activation]) -> tuple[int, int]:
    """Whole numbers around every kink of the family, at least [-4, 4]."""
    bends = [kink for member in members for kink in kinks_of(member)]
    return math.floor(min([-3.0, *bends])) - 1, math.ceil(max([3.0, *bends])) + 1


def _heights(drawings: list[Drawing]) -> tuple[int, int]:
    """Whole numbers around what the family reaches and some room, at most [-2, 4]."""
    ys = [
        y
        for drawing in drawings
        for curve in (drawing.value, drawing.gradient)
        for piece in curve.pieces
        for _, y in piece
    ]
    return max(-2, math.floor(min(ys) - 0.25)), min(4, math.ceil(max(ys) + 0.25))


def _panel(window: Window, drawing: Drawing) -> list[str]:
    return [
        svg.text(0, -32, drawing.activation.name, "name"),
        svg.text(0, -18, drawing.slice, "tick"),
        *panel.axes(window, 2),
        *_kinks(window, drawing),
        *panel.curve(window, drawing.value, BLUE),
        *panel.curve(window, drawing.gradient, ORANGE, dashed=True),
    ]


def _kinks(window: Window, drawing: Drawing) -> list[str]:
    marks = []
    for kink in drawing.kinks:
        x = window.x(kink)
        marks.append(svg.line(x, 0, x, window.height, "kink"))
        marks.append(svg.text(x, -4, svg.label(kink), "tick", "middle"))
    return marks


def _comparison(members: Sequence[Activation]) -> str:
    """The members over one another near 0, with their gradients and extrema."""
    window = Window(-3, 3, -1, 3, scale=96)
    drawings = [draw(member, window.left, window.right) for member in members]
    colours = dict(zip((m.name for m in members), (BLUE, ORANGE), strict=True))
    body = panel.axes(window, 1)
    for drawing in drawings:
        colour = colours[drawing.activation.name]
        body += panel.curve(window, drawing.value, colour)
        body += panel.curve(window, drawing.gradient, colour, dashed=True)
        body += _extrema(window, drawing.activation, colour)
    entries = [(name, colour, False) for name, colour in colours.items()]
    entries += [(f"{name} gradient", colour, True) for name, colour in colours.items()]
    title = " and ".join(colours) + " near 0, with their gradients"
    head = [svg.text(LEFT, 20, title, "title"), *svg.legend(LEFT, LEGEND, entries)]
    drawn = svg.group(LEFT, LEGEND + 14, body)
    width, height = LEFT + window.width + RIGHT, LEGEND + 14 + window.height + BELOW
    return svg.document(width, height, title, [panel.clip(window), *head, drawn])


def _extrema(window: Window, activation: Activation, colour: str) -> list[str]:
    """Where the value and the gradient turn."""
    marks = []
    quantities = columns(activation)
    arguments = list(activation.defaults.values())
    sides = ("start", "end")
    for side, (quantity, derivative) in zip(
        sides, itertools.pairwise(quantities[:3]), strict=False
    ):
        for x in roots(derivative.at(arguments)):
            y = result_at(quantity.at(arguments), [x])
            if y is not None and window.shows((x, y.nearest)):
                anchor = "start" if y.nearest > 0 else side
                marks += panel.callout(window, (x, y.nearest), colour, anchor)
    return marks
