"""What plots are made of, as SVG text: a style, a document, lines, text."""

from __future__ import annotations

from collections.abc import Sequence

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


def document(width: float, height: float, title: str, body: Sequence[str]) -> str:
    size = f'width="{number(width)}" height="{number(height)}"'
    view = f'viewBox="0 0 {number(width)} {number(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img">',
            f"<title>{escape(title)}</title>",
            STYLE,
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
