"""A panel with two logarithmic axes: a count or size to the right, seconds upwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import svg
from quantities import duration

WIDTH, HEIGHT = 300.0, 200.0  # pixels
Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    colour: str
    points: list[Point]


@dataclass(frozen=True)
class Axis:
    """Whole powers of `base` from `low` to `high`, over `pixels`."""

    base: int
    low: int
    high: int
    pixels: float

    def at(self, value: float) -> float:
        span = max(1, self.high - self.low)
        return (math.log(value, self.base) - self.low) / span * self.pixels

    def ticks(self, most: int) -> list[float]:
        """Its powers, or every second, third, ... of them: `most` + 1 of them at most."""
        step = max(1, math.ceil((self.high - self.low) / most))
        return [float(self.base) ** power for power in range(self.low, self.high + 1, step)]


def axis_around(values: Sequence[float], base: int, pixels: float) -> Axis:
    """As short as holds all values."""
    slack = 1e-9  # log(1000, 10) is 2.9999999999999996
    low = math.floor(math.log(min(values), base) + slack)
    high = math.ceil(math.log(max(values), base) - slack)
    return Axis(base, low, max(high, low + 1), pixels)


def log_panel(name: str, held: str, series: Sequence[Series]) -> list[str]:
    points = [point for one in series for point in one.points]
    across = axis_around([x for x, _ in points], 2, WIDTH)
    up = axis_around([y for _, y in points], 10, HEIGHT)
    body = [svg.text(0, -22, name, "name"), svg.text(0, -8, held, "tick")]
    for value in across.ticks(7):
        x = across.at(value)
        body.append(svg.line(x, 0, x, HEIGHT, "grid"))
        body.append(svg.text(x, HEIGHT + 14, _count(value), "tick", "middle"))
    for value in up.ticks(7):
        y = HEIGHT - up.at(value)
        body.append(svg.line(0, y, WIDTH, y, "grid"))
        body.append(svg.text(-6, y + 3.5, _time(value), "tick", "end"))
    for one in series:
        pixels = [(across.at(x), HEIGHT - up.at(y)) for x, y in one.points]
        body.append(f'<path d="{svg.path(pixels)}" class="curve {one.colour}"/>')
    return body


def _count(value: float) -> str:
    """ "64", "4 Ki", "16 Mi"."""
    for unit, name in ((1 << 20, " Mi"), (1 << 10, " Ki")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def _time(seconds: float) -> str:
    """A power of ten: "10 us", "1 ms"."""
    number, unit = duration(seconds * (1 + 1e-9)).split()
    return f"{float(number):g} {unit}"
