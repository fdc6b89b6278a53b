"""The plot beside RESULTS.md: our time as a part of each peer's, read from the table there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import svg
from svg import BLUE, ORANGE

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER / "RESULTS.md"
PLOT = FOLDER / "plots/speed.svg"
COLOURS = {"oneDNN": ORANGE, "PyTorch": BLUE}
MARKS = {"oneDNN": ("open", 4.5), "PyTorch": ("dot", 2.5)}  # both are seen where they coincide
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
# In pixels.
COLUMNS, COLUMN, TOP, LINE = 2, 420, 66, 19
NAMES, AXIS = 126, 270


@dataclass(frozen=True)
class Ratios:
    """Of one activation, at 2^24 elements on one thread, by peer."""

    activation: str
    of: dict[str, float]


def read(page: str) -> list[Ratios]:
    """The rows of the first table that name an activation which a peer has."""
    lines = [_cells(line) for line in page.splitlines() if line.startswith("| ")]
    header: list[str] = next((cells for cells in lines if cells[0] == "activation"), [])
    places = {peer: header.index(f"/{peer}") for peer in COLOURS if f"/{peer}" in header}
    found = []
    for cells in lines:
        if len(cells) == len(header) and cells[0].startswith("`"):
            of = {peer: float(cells[place]) for peer, place in places.items() if cells[place]}
            if of:
                found.append(Ratios(cells[0].strip("`"), of))
    return found


def plot(ratios: Sequence[Ratios]) -> str:
    per_column = max(1, math.ceil(len(ratios) / COLUMNS))
    body = [
        svg.text(8, 22, "Time of value and gradient, as a part of a peer's", "title"),
        svg.text(8, 44, "ring: of oneDNN's", "mark", "start", COLOURS["oneDNN"]),
        svg.text(140, 44, "dot: of PyTorch's", "mark", "start", COLOURS["PyTorch"]),
        svg.text(280, 44, "float32, 64 MiB, one thread; left of the dotted line is faster"),
    ]
    for column in range(COLUMNS):
        rows = ratios[column * per_column : (column + 1) * per_column]
        body.append(svg.group(column * COLUMN, TOP, _column(rows)))
    height = TOP + per_column * LINE + 34
    return svg.document(COLUMNS * COLUMN, height, "Speed of kernels beside peers", body)


def write() -> None:
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(read(PAGE.read_text())))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _column(rows: Sequence[Ratios]) -> list[str]:
    drawn = []
    bottom = len(rows) * LINE + 4
    for tick in TICKS if rows else ():
        x = _across(tick)
        drawn.append(svg.line(x, 0, x, bottom, "kink" if tick == 1 else "grid"))
        drawn.append(svg.text(x, bottom + 14, f"{tick:g}", "tick", "middle"))
    for index, each in enumerate(rows):
        y = (index + 0.5) * LINE + 2
        drawn.append(svg.text(NAMES - 8, y + 4, each.activation, "mark", "end"))
        for peer, ratio in each.of.items():
            kind, radius = MARKS[peer]
            drawn.append(svg.circle(_across(ratio), y, radius, kind, COLOURS[peer]))
    return drawn


def _across(ratio: float) -> float:
    """Logarithmic; what lies beyond the ticks is drawn at the last of them."""
    low, high = math.log(TICKS[0]), math.log(TICKS[-1])
    place = min(max(math.log(ratio), low), high)
    return NAMES + (place - low) / (high - low) * AXIS


if __name__ == "__main__":
    write()
