"""How time per call grows with size, evaluations, calls in flight, connections: table, plot."""

from __future__ import annotations

from dataclasses import dataclass

import svg
from call_tables import Setting, header
from log_panel import HEIGHT, WIDTH, Series, log_panel
from markdown_table import table
from quantities import digits, duration, size
from turns import FLOOR, PROTOBUF, RECTIFIER, Place, Turns

COLOURS = {RECTIFIER: svg.BLUE, FLOOR: svg.GREY, PROTOBUF: svg.ORANGE}
# Room around a panel, in pixels.
LEFT, RIGHT, ABOVE, BELOW = 56, 24, 40, 44
LEGEND = 40  # above the panels
PER_ROW = 2


@dataclass(frozen=True)
class Growth:
    """A study of scale: what grows, and what is held."""

    study: str
    attribute: str  # of Place
    name: str
    held: str


GROWTHS = [
    Growth("size", "tensor_bytes", "bytes of the tensor", "one evaluation, one call in flight"),
    Growth("evaluations", "evaluations", "evaluations in a request", "4 KiB each"),
    Growth("inflight", "inflight", "calls in flight", "64 KiB each, one connection"),
    Growth("connections", "connections", "connections", "64 KiB, 32 calls in flight over all"),
]


def text(turns: Turns, setting: Setting) -> str:
    tables = [_table(turns, growth) for growth in GROWTHS]
    parts = [header(turns, setting), *tables, _processes(turns)]
    return "\n\n".join(part for part in parts if part) + "\n"


def plot(turns: Turns) -> str:
    """The same as an SVG: one panel for each thing that grows, both axes logarithmic."""
    across, down = LEFT + WIDTH + RIGHT, ABOVE + HEIGHT + BELOW
    panels = [
        svg.group(
            LEFT + across * (index % PER_ROW),
            LEGEND + ABOVE + down * (index // PER_ROW),
            log_panel(growth.name, growth.held, _series(turns, growth)),
        )
        for index, growth in enumerate(GROWTHS)
        if turns.places(growth.study)
    ]
    title = "Time per call (p50), value and gradient of float32, unix socket"
    legend = svg.legend(LEFT, LEGEND, [(side, colour, False) for side, colour in COLOURS.items()])
    head = [svg.text(LEFT, 20, title, "title"), *legend]
    rows = -(-len(panels) // PER_ROW)
    return svg.document(across * PER_ROW, LEGEND + down * rows, title, [*head, *panels])


def _series(turns: Turns, growth: Growth) -> list[Series]:
    found = []
    for side, colour in COLOURS.items():
        points = [
            (float(getattr(place, growth.attribute)), figures.p50)
            for place in turns.places(growth.study)
            if (figures := turns.find(place, side))
        ]
        found.append(Series(colour, points))
    return [series for series in found if series.points]


def _table(turns: Turns, growth: Growth) -> str:
    places = turns.places(growth.study)
    if not places:
        return ""
    sides = turns.sides(growth.study)
    top = [growth.name, *(f"{side} {what}" for side in sides for what in ("p50", "calls/s"))]
    rows = [
        [_value(place, growth), *(cell for side in sides for cell in _cells(turns, place, side))]
        for place in places
    ]
    return f"{growth.held}:\n\n" + table(top, rows)


def _value(place: Place, growth: Growth) -> str:
    value = getattr(place, growth.attribute)
    return size(value) if growth.attribute == "tensor_bytes" else str(value)


def _processes(turns: Turns) -> str:
    """One server process, and two behind a client that takes turns."""
    places, sides = turns.places("processes"), turns.sides("processes")
    if not places:
        return ""
    top = ["calls", *(f"{side} {what}" for side in sides for what in ("p50", "calls/s"))]
    rows = [
        [
            f"{size(place.payload)} x{place.inflight}",
            *(cell for side in sides for cell in _cells(turns, place, side)),
        ]
        for place in places
    ]
    title = "One server process, and two behind gRPC's client-side round_robin:\n\n"
    return title + table(top, rows)


def _cells(turns: Turns, place: Place, side: str) -> list[str]:
    figures = turns.find(place, side)
    return [duration(figures.p50), digits(figures.rate)] if figures else ["", ""]
