"""Where the texts of a figure lie, for tests that none lies over another."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree
from collections.abc import Iterator

import svg


def texts(content: str) -> list[tuple[svg.Box, str]]:
    """Every text of a figure with the box that it fills."""
    return list(_texts(xml.etree.ElementTree.fromstring(content), 0, 0))


def misplaced(content: str) -> list[str]:
    """Texts that lie over another or leave the figure."""
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', content)[0])
    found = texts(content)
    outside = [
        name
        for box, name in found
        if box.left < 0 or box.right > width or box.top < 0 or box.bottom > height
    ]
    pairs = itertools.combinations(found, 2)
    over = [f"{name} and {other}" for (box, name), (at, other) in pairs if box.meets(at)]
    return outside + over


def _texts(
    element: xml.etree.ElementTree.Element, dx: float, dy: float
) -> Iterator[tuple[svg.Box, str]]:
    if moved := re.match(r"translate\((\S+) (\S+)\)", element.get("transform", "")):
        dx, dy = dx + float(moved[1]), dy + float(moved[2])
    if element.tag.endswith("}text"):
        x, y = float(element.get("x", 0)) + dx, float(element.get("y", 0)) + dy
        kind = next((k for k in element.get("class", "").split() if k in svg.SIZES), "")
        name = element.text or ""
        yield svg.box(x, y, name, kind, element.get("text-anchor", "start")), name
    for child in element:
        yield from _texts(child, dx, dy)
