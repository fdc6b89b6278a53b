"""A part of the plane with curves in it. One unit of x is as long as one unit of y."""

from __future__ import annotations

import math
from dataclasses import dataclass

import svg
from svg import Box

from curves import Curve, Point

SPACING = 5
ROW = 12  # between lines of small text
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
            lines.append(svg.text(window.x(x), window.height + 15, svg.label(x), "tick", "middle"))
    for y in range(window.bottom, window.top + 1):
        if y % every == 0:
            lines.append(svg.text(-5, window.y(y) + 3.5, svg.label(y), "tick", "end"))
    return lines


def curve(window: Window, shape: Curve, colour: str, dashed: bool = False) -> list[str]:
    """The pieces as paths; at a jump, a disc where the function is and a ring where it is not."""
    kind = svg.join("curve", colour, "dashed" if dashed else "")
    paths = "".join(_path(window, piece) for piece in _joined(shape))
    path = f'<path d="{paths}" class="{kind}" clip-path="url(#window)"/>'
    rings = [dot(window, place, colour, "open") for place in _shown(window, shape.left_out)]
    discs = [dot(window, place, colour) for place in _shown(window, shape.taken)]
    return [path, *rings, *discs]


def dot(window: Window, place: Point, colour: str, kind: str = "dot", radius: float = 3) -> str:
    return svg.circle(window.x(place[0]), window.y(place[1]), radius, kind, colour)


def _shown(window: Window, places: list[Point]) -> list[Point]:
    return [place for place in places if window.shows(place)]


def pixels(window: Window, shape: Curve) -> list[Point]:
    """Of the curve where the window shows it, SPACING pixels apart or a little more."""
    kept: list[Point] = []
    for piece in shape.pieces:
        for x, y in piece:
            point = (window.x(x), window.y(y))
            if window.shows((x, y)) and (not kept or math.dist(point, kept[-1]) >= SPACING):
                kept.append(point)
    return kept


@dataclass(frozen=True)
class Label:
    """What is to be written beside one of these points."""

    content: str
    kind: str
    colour: str
    beside: list[Point]  # in pixels


def callout(window: Window, point: Point) -> Label:
    """The coordinates of a point."""
    name = svg.minus(f"({point[0]:.3f}, {point[1]:.3f})")
    return Label(name, "tick", "", [(window.x(point[0]), window.y(point[1]))])


# Where a label may stand from its point, and the room around it beyond which more is no better.
ASIDE = (0, -36, 36)
BELOW = (-11, 15, -22, 26, 38)
CLEAR = 8.0


def labels(
    window: Window, wanted: list[Label], curves: list[Point], lines: list[float]
) -> list[str]:
    """Each label where it is farthest from curves, labels before it, and upright lines."""
    found = []
    taken = [Box(x - 1, 0, x + 1, window.height) for x in lines]
    for label in wanted:
        places = [(x + dx, y + dy) for x, y in label.beside for dx in ASIDE for dy in BELOW]
        best = max(places, key=lambda place: _merit(window, label, place, curves, taken))
        box = svg.box(*best, label.content, label.kind, "middle")
        taken.append(Box(box.left - CLEAR, box.top, box.right + CLEAR, box.bottom))
        found.append(svg.text(*best, label.content, label.kind, "middle", label.colour))
    return found


def _merit(
    window: Window, label: Label, place: Point, curves: list[Point], taken: list[Box]
) -> float:
    """Room around a label there; of places that have it, the nearest to the curve, to the right."""
    box = svg.box(*place, label.content, label.kind, "middle")
    if box.left < 0 or box.right > window.width or box.top < 0 or box.bottom > window.height:
        return -math.inf
    if any(map(box.meets, taken)):
        return -math.inf
    near = [
        (x, y)
        for x, y in curves
        if box.left - CLEAR < x < box.right + CLEAR and box.top - CLEAR < y < box.bottom + CLEAR
    ]
    room = min((math.hypot(*_away(box, point)) for point in near), default=CLEAR)
    off = min(abs(place[0] - x) + abs(place[1] - y) for x, y in label.beside)
    return min(room, CLEAR) - off / 16 + place[0] / window.width


def _away(box: Box, point: Point) -> Point:
    x, y = point
    return max(box.left - x, x - box.right, 0), max(box.top - y, y - box.bottom, 0)


def marks(window: Window, kinks: list[float]) -> list[str]:
    """A dotted line for each kink, and where it is above the panel, in one row or two."""
    drawn = []
    rows: list[list[Box]] = [[], []]
    for kink in kinks:
        x, name = window.x(kink), svg.label(kink)
        drawn.append(svg.line(x, 0, x, window.height, "kink"))
        for index, row in enumerate(rows):
            y = -5 - index * ROW
            box = svg.box(x, y, name + " ", "tick", "middle")
            if not any(map(box.meets, row)):
                row.append(box)
                drawn.append(svg.text(x, y, name, "tick", "middle"))
                break
    return drawn


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
