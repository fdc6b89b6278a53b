"""Plots of the catalogue: each activation with its gradient, and ReLU against GELU near 0."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import svg
from svg import BLUE, ORANGE

import panel
from catalogue import ROOT, Activation, by_family
from curves import Drawing, Point, draw, kinks_of
from exact import result_at
from golden import columns
from panel import Label, Window
from points import roots

DIRECTORY = ROOT / "core" / "plots"
COMPARED = ("relu", "gelu")
# Room around a panel, in pixels.
LEFT, RIGHT, BELOW = 26, 14, 28
LEGEND = 40  # its baseline
PANELS = 54  # where they begin, below it
NAME = 20  # of the activation, and the gap above it
LINES = [("value f", BLUE, False), ("gradient f\N{PRIME}", ORANGE, True)]


def figures(activations: list[Activation]) -> dict[str, str]:
    """File name and content of every plot."""
    found = {
        f"{family}.svg": _family(heading, members)
        for family, heading, members in by_family(activations)
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
    kinks = [kinks_of(member) for member in members]
    left, right = _span(kinks)
    drawings = [draw(m, left, right, known) for m, known in zip(members, kinks, strict=True)]
    window = Window(left, right, *_heights(drawings), scale=176 / (right - left))
    across = LEFT + window.width + RIGHT
    heads = max(len(_lines(drawing, across)) for drawing in drawings)
    above = NAME + (heads + 2) * panel.ROW + 4  # kinks take up to two lines
    down = above + window.height + BELOW
    per_row = min((4, 3), key=lambda count: -len(members) % count)  # the fewest empty places
    width = across * min(per_row, len(members))
    height = PANELS + down * math.ceil(len(members) / per_row)
    panels = [
        svg.group(
            LEFT + across * (index % per_row),
            PANELS + above + down * (index // per_row),
            _panel(window, drawing, above, across),
        )
        for index, drawing in enumerate(drawings)
    ]
    title = f"{heading}: each activation with its gradient"
    legend = [svg.text(LEFT, 20, heading, "title"), *svg.legend(LEFT, LEGEND, LINES)]
    body = [panel.clip(window), *legend, *panels]
    return svg.document(max(width, 300), height, title, body)


def _span(kinks: list[list[float]]) -> tuple[int, int]:
    """Whole numbers around every kink of the family, at least [-4, 4]."""
    bends = list(itertools.chain(*kinks))
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


def _panel(window: Window, drawing: Drawing, above: float, across: float) -> list[str]:
    top = NAME - above
    head = [
        svg.text(0, top + panel.ROW * (1 + index), line, "tick")
        for index, line in enumerate(_lines(drawing, across))
    ]
    value, gradient = (panel.pixels(window, c) for c in (drawing.value, drawing.gradient))
    wanted = [
        Label("f", "mark", BLUE, value),
        Label("f\N{PRIME}", "mark", ORANGE, gradient),
    ]
    upright = [window.x(x) for x in [0, *drawing.kinks]]
    return [
        svg.text(0, top - 2, drawing.activation.name, "name"),
        *head,
        *panel.axes(window, 2),
        *panel.marks(window, drawing.kinks),
        *panel.curve(window, drawing.gradient, ORANGE, dashed=True),
        *panel.curve(window, drawing.value, BLUE),
        *(panel.dot(window, bend, BLUE, radius=2) for bend in _bends(window, drawing)),
        *panel.labels(window, wanted, value + gradient, upright),
    ]


def _lines(drawing: Drawing, across: float) -> list[str]:
    """What the slice holds, in lines no longer than a panel is wide."""
    lines: list[str] = []
    for part in drawing.slice.split(", "):
        joined = f"{lines[-1]}, {part}" if lines else part
        if lines and svg.width(joined, "tick") > across - 8:
            lines.append(part)
        else:
            lines[-1:] = [joined]
    return [svg.minus(line) if "=" in line else line for line in lines]


def _bends(window: Window, drawing: Drawing) -> list[Point]:
    """Kinks of the value that are no jumps."""
    jumps = {x for x, _ in drawing.value.taken}
    starts = {piece[0][0]: piece[0] for piece in drawing.value.pieces}
    return [
        starts[kink] for kink in drawing.kinks if kink not in jumps and window.shows(starts[kink])
    ]


def _comparison(members: Sequence[Activation]) -> str:
    """The members over one another near 0, with their gradients and extrema."""
    window = Window(-3, 3, -1, 3, scale=96)
    drawings = [draw(member, window.left, window.right) for member in members]
    colours = dict(zip((m.name for m in members), (BLUE, ORANGE), strict=True))
    body = panel.axes(window, 1)
    points: list[Point] = []
    callouts: list[Label] = []
    names: list[Label] = []
    for drawing in drawings:
        name = drawing.activation.name
        colour = colours[name]
        body += panel.curve(window, drawing.value, colour)
        body += panel.curve(window, drawing.gradient, colour, dashed=True)
        for mark, curve in ((name, drawing.value), (f"{name}\N{PRIME}", drawing.gradient)):
            pixels = panel.pixels(window, curve)
            points += pixels
            names.append(Label(mark, "mark", colour, pixels))
        for extremum in _extrema(window, drawing.activation):
            body.append(panel.dot(window, extremum, colour, radius=3.5))
            callouts.append(panel.callout(window, extremum))
    body += panel.labels(window, callouts + names, points, [window.x(0)])
    title = " and ".join(colours) + " near 0, with their gradients (dashed)"
    head = [svg.text(LEFT, 20, title, "title")]
    drawn = svg.group(LEFT, LEGEND, body)
    width, height = LEFT + window.width + RIGHT, LEGEND + window.height + BELOW
    return svg.document(width, height, title, [panel.clip(window), *head, drawn])


def _extrema(window: Window, activation: Activation) -> list[Point]:
    """Where the value and the gradient turn."""
    found = []
    quantities = columns(activation)
    arguments = list(activation.defaults.values())
    for quantity, derivative in itertools.pairwise(quantities[:3]):
        for x in roots(derivative.at(arguments)):
            y = result_at(quantity.at(arguments), [x])
            if y is not None and window.shows((x, y.nearest)):
                found.append((x, y.nearest))
    return found
