"""A part of the plane with curves in it. One unit of x is as long as one unit of y."""

from __future__ import annotations

from dataclasses import dataclass

import svg

from curves import Curve, Point

TOLERANCE = 0.08  # pixels by which a simplified curve may be off


@dataclass(frozen=True)
class Window:
    """The part of the plane that a panel shows."""

    left: int
    right: int
    bottom: int
    top: int
    scale: float  # pixels per unit

    @property
    def width(self) -> float:
        return (self.right - self.left) * self.scale

    @property
    def height(self) -> float:
        return (self.top - self.bottom) * self.scale

    def x(self, x: float) -> float:
        return (x - self.left) * self.scale

    def y(self, y: float) -> float:
        return (self.top - y) * self.scale

    def shows(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top


def clip(window: Window) -> str:
    """What curves are cut off by."""
    size = f'width="{svg.number(window.width)}" height="{svg.number(window.height)}"'
    return f'<defs><clipPath id="window"><rect {size}/></clipPath></defs>'


def axes(window: Window, every: int) -> list[str]:
    """A thin grid of unit squares, labelled at multiples of `every`, and the two axes."""
    lines = []
    for x in range(window.left, window.right + 1):
        kind = "axis" if x == 0 else "grid"
        lines.append(svg.line(window.x(x), 0, window.x(x), window.height, kind))
    for y in range(window.bottom, window.top + 1):
        kind = "axis" if y == 0 else "grid"
        lines.append(svg.line(0, window.y(y), window.width, window.y(y), kind))
    for x in range(window.left, window.right + 1):
        if x % every == 0:
            lines.append(svg.text(window.x(x), window.height + 13, svg.label(x), "tick", "middle"))
    for y in range(window.bottom, window.top + 1):
        if y % every == 0:
            lines.append(svg.text(-5, window.y(y) + 3.5, svg.label(y), "tick", "end"))
    return lines


def curve(window: Window, shape: Curve, colour: str, dashed: bool = False) -> list[str]:
    """The pieces as paths; at a jump, a disc where the function is and a ring where it is not."""
    kind = "curve dashed" if dashed else "curve"
    paths = "".join(_path(window, piece) for piece in _joined(shape))
    marks = [
        f'<circle cx="{svg.number(window.x(x))}" cy="{svg.number(window.y(y))}" r="3" {look}/>'
        for places, look in (
            (shape.left_out, f'class="open" stroke="{colour}"'),
            (shape.taken, f'fill="{colour}"'),
        )
        for x, y in places
        if window.shows((x, y))
    ]
    path = f'<path d="{paths}" class="{kind}" stroke="{colour}" clip-path="url(#window)"/>'
    return [path, *marks]


def callout(window: Window, point: Point, colour: str, anchor: str) -> list[str]:
    """A dot with its coordinates below it, to the right ("start") or to the left ("end")."""
    x, y = window.x(point[0]), window.y(point[1])
    name = svg.minus(f"({point[0]:.3f}, {point[1]:.3f})")
    return [
        f'<circle cx="{svg.number(x)}" cy="{svg.number(y)}" r="3.5" fill="{colour}"/>',
        svg.text(x, y + (32 if point[1] > 0 else 20), name, "tick", anchor),
    ]


def _joined(shape: Curve) -> list[list[Point]]:
    """Pieces that meet, as one: dashes run on over a kink."""
    joined: list[list[Point]] = []
    breaks = {x for x, _ in shape.taken}
    for piece in shape.pieces:
        if joined and piece[0][0] not in breaks:
            joined[-1] = joined[-1] + piece[1:]
        else:
            joined.append(list(piece))
    return joined


def _path(window: Window, piece: list[Point]) -> str:
    """Clipped just outside of the window, so that a steep curve stays short."""
    margin = window.scale
    pixels = [
        (window.x(x), min(max(window.y(y), -margin), window.height + margin)) for x, y in piece
    ]
    return svg.path(simplified(pixels))


def simplified(points: list[Point]) -> list[Point]:
    """Ramer-Douglas-Peucker: the fewest points that keep within TOLERANCE."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
    distances = [abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length for x, y in points]
    farthest = max(range(len(points)), key=distances.__getitem__)
    if distances[farthest] <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: farthest + 1])[:-1] + simplified(points[farthest:])
