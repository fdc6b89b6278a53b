"""What panels are drawn of: axes, lines, a heat map, bars of states, a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import grafana_units
import svg

# Lines, on a light page and on a dark one; a ninth is dashed.
PALETTE = (
    ("#0969da", "#58a6ff"),
    ("#b34700", "#f0883e"),
    ("#1a7f37", "#3fb950"),
    ("#8250df", "#bc8cff"),
    ("#bf3989", "#f778ba"),
    ("#57606a", "#9198a1"),
    ("#9a6700", "#d29922"),
    ("#0e7490", "#39c5cf"),
)
GOOD, WARNING, BAD = "good", "warning", "bad"
_RULES = [
    f".line{index} {{ stroke: {light} }}\n.area{index} {{ fill: {light} }}"
    for index, (light, _) in enumerate(PALETTE)
]
_DARK_RULES = [
    f".line{index} {{ stroke: {dark} }}\n.area{index} {{ fill: {dark} }}"
    for index, (_, dark) in enumerate(PALETTE)
]
STYLE = "\n".join(
    [
        "<style>",
        ".line { fill: none; stroke-width: 1.5; stroke-linejoin: round }",
        ".band { fill-opacity: .35 }",
        ".number { font-weight: 600; font-size: 22px }",
        ".frame { fill: none; stroke: #57606a; stroke-opacity: .35 }",
        ".heat { fill: #0969da }",
        ".number.good { fill: #1a7f37 } .number.warning { fill: #9a6700 } .bad { fill: #cf222e }",
        *_RULES,
        "@media (prefers-color-scheme: dark) {",
        ".heat { fill: #58a6ff }",
        ".number.good { fill: #3fb950 } .number.warning { fill: #d29922 } .bad { fill: #ff7b72 }",
        *_DARK_RULES,
        "}",
        "</style>",
    ]
)

Points = list[tuple[float, float]]  # seconds since the beginning, value


@dataclass(frozen=True)
class Line:
    name: str
    points: Points


@dataclass(frozen=True)
class Area:
    """Where the curves of a panel go: pixels, seconds across and values upwards."""

    left: float
    top: float
    right: float
    bottom: float
    seconds: float
    most: float = 1.0

    def x(self, seconds: float) -> float:
        return self.left + seconds / self.seconds * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - min(max(value / self.most, 0), 1) * (self.bottom - self.top)


def rectangle(x: float, y: float, width: float, height: float, attributes: str) -> str:
    place = f'x="{svg.number(x)}" y="{svg.number(y)}"'
    size = f'width="{svg.number(width)}" height="{svg.number(height)}"'
    return f"<rect {place} {size} {attributes}/>"


def minutes(area: Area) -> list[str]:
    """The axis of time."""
    drawn = []
    for minute in range(int(area.seconds // 60) + 1):
        x = area.x(minute * 60)
        drawn.append(svg.line(x, area.top, x, area.bottom, "grid"))
        if minute % 2 == 0 and x < area.right - 12:
            drawn.append(svg.text(x, area.bottom + 14, f"{minute} min", "tick", "middle"))
    return drawn


def values(area: Area, unit: str) -> list[str]:
    """The axis of values, at zero, the half and the whole."""
    drawn = []
    for part in (0, 0.5, 1):
        y = area.y(part * area.most)
        drawn.append(svg.line(area.left, y, area.right, y, "grid"))
        label = grafana_units.text(part * area.most, unit)
        drawn.append(svg.text(area.left - 5, y + 3.5, label, "tick", "end"))
    return drawn


def end_of_axis(most: float, unit: str) -> float:
    """A short number, whose half is one, too."""
    if most <= 0:
        return 1.0
    if unit in ("bytes", "Bps"):
        return 2.0 ** math.ceil(math.log2(most * 0.999))
    units = (86400.0, 60.0) if unit == "s" else ()
    scale = next((size for size in units if most > size), 1.0)
    power: float = 10.0 ** math.floor(math.log10(most / scale)) * scale
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most * 0.999)


def curve(area: Area, line: Line, index: int) -> str:
    """With a gap where there are no samples."""
    path = ""
    before = None
    for seconds, value in line.points:
        joins = before is not None and seconds - before < area.seconds / 20
        path += f"{'L' if joins else 'M'}{svg.number(area.x(seconds))} {svg.number(area.y(value))}"
        before = seconds
    dashed = " dashed" if index >= len(PALETTE) else ""
    return f'<path d="{path}" class="line line{index % len(PALETTE)}{dashed}"/>'


def bands(area: Area, lines: Sequence[Line]) -> list[str]:
    """Each line upon those before."""
    drawn = []
    floor: dict[float, float] = {}
    for index, line in enumerate(lines):
        top = {seconds: floor.get(seconds, 0) + value for seconds, value in line.points}
        upper = [(area.x(at), area.y(value)) for at, value in top.items()]
        lower = [(area.x(at), area.y(floor.get(at, 0))) for at in reversed(top)]
        kind = f"band area{index % len(PALETTE)}"
        drawn.append(f'<path d="{svg.path([*upper, *lower])}Z" class="{kind}"/>')
        drawn.append(curve(area, Line(line.name, list(top.items())), index))
        floor |= top
    return drawn


def legend(area: Area, lines: Sequence[Line], top: float, rows: int) -> list[str]:
    """As many names as fit into the rows, the last of which says how many did not."""
    drawn = []
    x, row = area.left, 0
    for index, line in enumerate(lines):
        length = 16 + svg.width(line.name, "tick") + 10
        rest = len(lines) - index
        reserve = 60 if row == rows - 1 and rest > 1 else 0
        if x + length + reserve > area.right and x > area.left:
            if row == rows - 1:
                drawn.append(svg.text(x, top + 12 * row, f"{rest} more", "tick"))
                break
            x, row = area.left, row + 1
        y = top + 12 * row
        dashed = " dashed" if index >= len(PALETTE) else ""
        kind = f"line line{index % len(PALETTE)}{dashed}"
        drawn.append(svg.line(x, y - 3, x + 12, y - 3, kind))
        drawn.append(svg.text(x + 16, y, line.name, "tick"))
        x += length
    return drawn
