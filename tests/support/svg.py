"""What plots are made of, as SVG text: a style, a document, lines, text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Classes of the style below.
BLUE = "blue"
ORANGE = "orange"
GREY = "grey"
# What a plot is drawn in, on a light page and on a dark one.
LIGHT = {"page": "#ffffff", "ink": "#1f2328", GREY: "#57606a", BLUE: "#0969da", ORANGE: "#b34700"}
DARK = {"page": "#0d1117", "ink": "#e6edf3", GREY: "#9198a1", BLUE: "#58a6ff", ORANGE: "#f0883e"}
# Sizes of text in pixels, by class; bold ones are wider.
SIZES = {"": 12, "name": 14, "title": 16, "tick": 10, "mark": 11}
BOLD = {"name", "title", "mark"}


def _colours(scheme: dict[str, str]) -> str:
    rules = [f".page {{ fill: {scheme['page']} }}", f"text {{ fill: {scheme['ink']} }}"]
    rules.append(f".open {{ fill: {scheme['page']} }}")
    rules.append(f".tick {{ fill: {scheme[GREY]} }}")
    rules.append(f".grid, .axis, .kink {{ stroke: {scheme[GREY]} }}")
    for name in (BLUE, ORANGE, GREY):
        rules.append(f".curve.{name}, .open.{name} {{ stroke: {scheme[name]} }}")
        rules.append(f"text.{name}, .dot.{name} {{ fill: {scheme[name]} }}")
    return "\n".join(rules)


STYLE = f"""<style>
text {{ font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }}
.name {{ font-weight: 600; font-size: 14px }}
.title {{ font-weight: 600; font-size: 16px }}
.tick {{ font-size: 10px }}
.mark {{ font-weight: 600; font-size: 11px }}
.grid {{ stroke-opacity: .25; stroke-width: .75 }}
.axis {{ stroke-opacity: .9; stroke-width: 1 }}
.kink {{ stroke-width: 1; stroke-dasharray: 1 3 }}
.curve {{ fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }}
.dashed {{ stroke-dasharray: 5 4; stroke-linecap: butt }}
.open {{ stroke-width: 1.5 }}
{_colours(LIGHT)}
@media (prefers-color-scheme: dark) {{
{_colours(DARK)}
}}
</style>"""


def document(width: float, height: float, title: str, body: Sequence[str]) -> str:
    size = f'width="{number(width)}" height="{number(height)}"'
    view = f'viewBox="0 0 {number(width)} {number(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img">',
            f"<title>{escape(title)}</title>",
            STYLE,
            '<rect width="100%" height="100%" class="page"/>',
            *body,
            "</svg>\n",
        ]
    )


def group(x: float, y: float, body: Sequence[str]) -> str:
    return "\n".join([f'<g transform="translate({number(x)} {number(y)})">', *body, "</g>"])


def text(
    x: float, y: float, content: str, kind: str = "", anchor: str = "start", colour: str = ""
) -> str:
    classes = join(kind, colour)
    attributes = f' class="{classes}"' if classes else ""
    attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y)}"{attributes}>{escape(content)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str, colour: str = "") -> str:
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} class="{join(kind, colour)}"/>'


def circle(x: float, y: float, radius: float, kind: str, colour: str) -> str:
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return f'<circle {place} class="{join(kind, colour)}"/>'


def join(*classes: str) -> str:
    return " ".join(name for name in classes if name)


# Widths in em of the widest of the usual fonts, DejaVu Sans; of other letters 0.62.
NARROW = dict.fromkeys("ijl.,:;|'\N{PRIME} ", 0.32) | dict.fromkeys("frt()[]-/I", 0.42)
WIDE = dict.fromkeys("mwMW=+\N{MINUS SIGN}", 0.9)


def width(content: str, kind: str = "") -> float:
    """About what a line of text takes, rather more than less."""
    ems = sum(NARROW.get(letter, WIDE.get(letter, 0.63)) for letter in content)
    return ems * SIZES[kind] * (1.12 if kind in BOLD else 1)


@dataclass(frozen=True)
class Box:
    """A rectangle, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def box(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> Box:
    """Where text() puts its letters."""
    length = width(content, kind)
    left = x - length * {"start": 0, "middle": 0.5, "end": 1}[anchor]
    return Box(left, y - 0.78 * SIZES[kind], left + length, y + 0.22 * SIZES[kind])


def path(pixels: Sequence[tuple[float, float]]) -> str:
    """Straight from one to the next: what stands in a path's `d`."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in pixels)


def legend(x: float, y: float, entries: Sequence[tuple[str, str, bool]]) -> list[str]:
    """Name, colour and whether dashed, one beside the other."""
    keys = []
    step = 54 + 7 * max(len(name) for name, _, _ in entries)
    for index, (name, colour, dashed) in enumerate(entries):
        left = x + index * step
        kind = "curve dashed" if dashed else "curve"
        keys.append(line(left, y - 4, left + 28, y - 4, kind, colour))
        keys.append(text(left + 34, y, name))
    return keys


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
