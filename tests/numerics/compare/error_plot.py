"""The picture of the README at the root: the worst errors of ours and of each peer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import svg
from comparison import Comparison
from report import OURS, WELL_KNOWN, symbol, ulp_text
from svg import BLUE, ORANGE
from ulp import Worst

QUANTITIES = {"value": "values", "gradient": "gradients"}
HALF = 0.5  # correct rounding, where every line begins
NO_DIGIT = 1e7  # from about here on no digit is right
MOST = 1e9  # what is worse is drawn here, as a ring
TICKS = {HALF: "0.5", 1e3: "1e3", NO_DIGIT: "1e7"}
# In pixels.
NAMES = 86  # the activations, left of all columns
COLUMN = 152
SCALE = 96  # of a column; the rest is for figures
ROW = 23
HEAD = 86  # title, explanation and names of the columns
BETWEEN = 16  # values and gradients
FOOT = 34
ROUND = 0.01  # an error that rounds to 0.50 is correct rounding


def plot(comparisons: Sequence[Comparison], peers: Sequence[str]) -> str:
    """In float32, of what everybody knows; a column for us and for each of these peers."""
    chosen = [
        [each for name in WELL_KNOWN for each in _of(comparisons, name, quantity)]
        for quantity in QUANTITIES
    ]
    columns = [OURS, *peers]
    rows = sum(map(len, chosen))
    height = HEAD + ROW * rows + BETWEEN * (len(chosen) - 1) + FOOT
    body = _explanation()
    for index, column in enumerate(columns):
        left = NAMES + index * COLUMN
        body += _frame(column, left, height)
    top = float(HEAD)
    for group in chosen:
        for each in group:
            body += _row(each, columns, top + ROW * 0.72)
            top += ROW
        top += BETWEEN
    width = NAMES + len(columns) * COLUMN
    return svg.document(width, height, "Worst errors of Rectifier and of its peers", body)


def _of(comparisons: Sequence[Comparison], activation: str, quantity: str) -> list[Comparison]:
    wanted = (activation, quantity, "float32")
    subjects = [(each.subject, each) for each in comparisons]
    return [
        each
        for subject, each in subjects
        if (subject.activation, subject.quantity, subject.element_type) == wanted
    ]


def _explanation() -> list[str]:
    about = (
        "units in the last place (ULP), logarithmic; 0.5 is correct rounding;"
        " right of the dotted line no digit is right"
    )
    return [
        svg.text(8, 22, "The worst error of values and gradients (\N{PRIME}), float32", "title"),
        svg.text(8, 42, about),
    ]


def _frame(column: str, left: float, height: float) -> list[str]:
    """Its name, the ticks of its axis, and the line from which no digit is right."""
    bottom = height - FOOT + 4
    colour = BLUE if column == OURS else ORANGE
    drawn = [svg.text(left, HEAD - 20, column, "name", "start", colour)]
    for value, name in TICKS.items():
        x = left + _across(value)
        kind = "kink" if value == NO_DIGIT else "grid"
        drawn.append(svg.line(x, HEAD - 10, x, bottom, kind))
        drawn.append(svg.text(x, bottom + 15, name, "tick", "middle"))
    return drawn


def _row(comparison: Comparison, columns: Sequence[str], y: float) -> list[str]:
    drawn = [svg.text(8, y + 4, symbol(comparison).replace("`", ""))]
    for index, column in enumerate(columns):
        worst = comparison.ours if column == OURS else comparison.peers.get(column)
        left = NAMES + index * COLUMN
        if worst is None:
            drawn.append(svg.text(left, y + 4, "has none", "tick"))
        else:
            drawn += _error(worst, left, y, BLUE if column == OURS else ORANGE)
    return drawn


def _error(worst: Worst, left: float, y: float, colour: str) -> list[str]:
    """A line from correct rounding to the error, which is written beside its end."""
    end = left + _across(worst.ulp)
    drawn = []
    if worst.ulp > HALF + ROUND:
        drawn.append(svg.line(left + _across(HALF), y, end, y, "curve", colour))
    drawn.append(svg.circle(end, y, 3.5, "open" if worst.ulp > MOST else "dot", colour))
    drawn.append(svg.text(end + 8, y + 4, ulp_text(worst), "mark", "start", colour))
    return drawn


def _across(error: float) -> float:
    """From the left of a column; errors beyond MOST are drawn there."""
    share = math.log(min(max(error, HALF), MOST) / HALF) / math.log(MOST / HALF)
    return 4 + share * SCALE
