"""Plots as SVG text: axes, grid, curves, marks. One unit of x is as long as one unit of y."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curves import Curve, Point

# Mid tones, which read on white and on black: a README is shown on either.
BLUE = "#2f81f7"
ORANGE = "#e8710a"
GREY = "#7d8590"
STYLE = f"""<style>
text {{ font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: {GREY} }}
.name {{ font-weight: 600; font-size: 14px }}
.title {{ font-weight: 600; font-size: 16px }}
.tick {{ font-size: 10px }}
.grid {{ stroke: {GREY}; stroke-opacity: .22; stroke-width: .75 }}
.axis {{ stroke: {GREY}; stroke-opacity: .8; stroke-width: 1 }}
.kink {{ stroke: {GREY}; stroke-width: 1; stroke-dasharray: 1 3 }}
.curve {{ fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }}
.dashed {{ stroke-dasharray: 5 4; stroke-linecap: butt }}
.open {{ fill: none; stroke-width: 1.5 }}
</style>"""
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


def document(width: float, height: float, window: Window, title: str, body: Sequence[str]) -> str:
    clip = f'<rect width="{number(window.width)}" height="{number(window.height)}"/>'
    size = f'width="{number(width)}" height="{number(height)}"'
    view = f'viewBox="0 0 {number(width)} {number(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img">',
            f"<title>{escape(title)}</title>",
            STYLE,
            f'<defs><clipPath id="window">{clip}</clipPath></defs>',
            *body,
            "</svg>\n",
        ]
    )


def group(x: float, y: float, body: Sequence[str]) -> str:
    return "\n".join([f'<g transform="translate({number(x)} {number(y)})">', *body, "</g>"])


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    attributes = f' class="{kind}"' if kind else ""
    attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y)}"{attributes}>{escape(content)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str, colour: str = "") -> str:
    stroke = f' stroke="{colour}"' if colour else ""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} class="{kind}"{stroke}/>'


def axes(window: Window, every: int) -> list[str]:
    """A thin grid of unit squares, labelled at multiples of `every`, and the two axes."""
    lines = []
    for x in range(window.left, window.right + 1):
        kind = "axis" if x == 0 else "grid"
        lines.append(line(window.x(x), 0, window.x(x), window.height, kind))
    for y in range(window.bottom, window.top + 1):
        kind = "axis" if y == 0 else "grid"
        lines.append(line(0, window.y(y), window.width, window.y(y), kind))
    for x in range(window.left, window.right + 1):
        if x % every == 0:
            lines.append(text(window.x(x), window.height + 13, label(x), "tick", "middle"))
    for y in range(window.bottom, window.top + 1):
        if y % every == 0:
            lines.append(text(-5, window.y(y) + 3.5, label(y), "tick", "end"))
    return lines


def curve(window: Window, shape: Curve, colour: str, dashed: bool = False) -> list[str]:
    """The pieces as paths; at a jump, a disc where the function is and a ring where it is not."""
    kind = "curve dashed" if dashed else "curve"
    paths = "".join(_path(window, piece) for piece in _joined(shape))
    marks = [
        f'<circle cx="{number(window.x(x))}" cy="{number(window.y(y))}" r="3" {look}/>'
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
    name = minus(f"({point[0]:.3f}, {point[1]:.3f})")
    return [
        f'<circle cx="{number(x)}" cy="{number(y)}" r="3.5" fill="{colour}"/>',
        text(x, y + (32 if point[1] > 0 else 20), name, "tick", anchor),
    ]


def label(value: float) -> str:
    return minus(f"{value:.4g}")


def minus(content: str) -> str:
    """With a minus sign as wide as a plus sign, for a hyphen."""
    return content.replace("-", "\N{MINUS SIGN}")


def number(value: float) -> str:
    """At most two decimals: a hundredth of a pixel."""
    digits = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def escape(content: str) -> str:
    return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in simplified(pixels))


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
