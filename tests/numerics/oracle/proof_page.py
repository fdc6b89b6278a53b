"""tests/numerics/prove/RESULTS.md and its plot: what `./dev prove` found, and what is stated."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

import svg
from svg import BLUE, ORANGE

import findings
from accuracy_table import load
from catalogue import ROOT, Activation, by_family
from findings import Row, ulp

PAGE = ROOT / "tests/numerics/prove/RESULTS.md"
PLOT = ROOT / "tests/numerics/prove/plots/worst_errors.svg"
SHORT = {
    "value": "f",
    "gradient": "f\N{PRIME}",
    "second_derivative": "f\N{DOUBLE PRIME}",
    "parameter_gradient": "\N{PARTIAL DIFFERENTIAL}p",
}

WIDTH = 118  # of prose
ROUNDING = 1e-6  # less than one result of 2^32 in the unit of 0.01 %

HEAD = """\
# What `./dev prove` found

`./dev generate` writes this page from [results.json](results.json), which `./dev prove --write`
leaves. Each row there has the input at which the worst error is, its date, machine and CPU target.
[README.md](README.md) says how inputs are tried, and why the references can be trusted.

![the worst error of each activation in float32 and float64](plots/worst_errors.svg)

## In short
"""
BY_TYPE = """\
The worst error at default arguments in ULP and, in brackets, the share of results that are
correctly rounded, rounded down. `f` is the value, `f\N{PRIME}` the gradient,
`f\N{DOUBLE PRIME}` the second derivative,
`\N{PARTIAL DIFFERENTIAL}p` the worst gradient by a parameter. """
EVIDENCE = {
    "f32": "Every float32 input was tried, except where a \N{DOUBLE DAGGER} marks the name.",
    "f64": "These are samples of 10^7 inputs at least, denser where it is hard.",
}


def page(results: Row, activations: list[Activation]) -> str:
    blocks = [HEAD, short(results)]
    for element_type, evidence in EVIDENCE.items():
        rows = findings.of_type(results, element_type)
        blocks += [f"## {findings.TITLES[element_type]}", _prose(BY_TYPE + evidence)]
        blocks.append(_by_activation(rows, activations))
    blocks += _exceptions(activations)
    blocks += _unmeasured(results, activations)
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def plot(results: Row, activations: list[Activation]) -> str:
    """A dot for each type on a line for each activation, in three columns."""
    worst = {
        element_type: _worst_by_name(findings.of_type(results, element_type))
        for element_type in EVIDENCE
    }
    names = [a.name for _, _, members in by_family(activations) for a in members]
    names = [name for name in names if name in worst["f32"] and name in worst["f64"]]
    per_column = max(1, math.ceil(len(names) / COLUMNS))
    axis = math.ceil(2 * max([1.0, *worst["f64"].values(), *worst["f32"].values()])) / 2
    body = [
        svg.text(8, 22, "The worst error of any quantity, in units in the last place", "title"),
        svg.text(8, 44, "float32: all inputs, or most", "mark", "start", BLUE),
        svg.text(220, 44, "float64: a sample", "mark", "start", ORANGE),
        svg.text(360, 44, "0.5 is correct rounding"),
    ]
    for column in range(COLUMNS):
        members = names[column * per_column : (column + 1) * per_column]
        rows = [(name, worst["f32"][name], worst["f64"][name]) for name in members]
        body.append(svg.group(column * COLUMN, TOP, _column(rows, axis)))
    height = TOP + per_column * LINE + 34
    return svg.document(COLUMNS * COLUMN, height, "Worst errors by activation", body)


def pages(results: Row, activations: list[Activation]) -> dict[Path, str]:
    """Each file as it ought to be."""
    return {PAGE: page(results, activations), PLOT: plot(results, activations)}


def write(activations: list[Activation]) -> None:
    for path, content in pages(load(), activations).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)


# In pixels.
COLUMNS, COLUMN, TOP, LINE = 3, 290, 62, 17
NAMES, AXIS = 126, 144


def _column(rows: list[tuple[str, float, float]], axis: float) -> list[str]:
    drawn = []
    bottom = len(rows) * LINE + 4
    for half in range(round(2 * axis) + 1):
        x = NAMES + half / 2 / axis * AXIS
        drawn.append(svg.line(x, 0, x, bottom, "grid"))
        drawn.append(svg.text(x, bottom + 14, f"{half / 2:g}", "tick", "middle"))
    for index, (name, f32, f64) in enumerate(rows):
        y = (index + 0.5) * LINE + 2
        drawn.append(svg.text(NAMES - 8, y + 4, name, "mark", "end"))
        drawn.append(svg.circle(NAMES + f64 / axis * AXIS, y, 4.5, "open", ORANGE))
        drawn.append(svg.circle(NAMES + f32 / axis * AXIS, y, 2.5, "dot", BLUE))
    return drawn


def _worst_by_name(rows: list[Row]) -> dict[str, float]:
    worst: dict[str, float] = {}
    for row in rows:
        worst[row["activation"]] = max(ulp(row), worst.get(row["activation"], 0))
    return worst


def short(results: Row) -> str:
    """A row for each element type, with what is worst by name."""
    lines = [
        f"`./dev prove` at default arguments, {findings.dates(results)}:",
        "",
        "| type | inputs of each quantity | worst ULP | not correctly rounded |",
        "|---|---|---|---|",
        *findings.table_rows(
            results,
            "all 2^32, but for those below",
            "10^7 at least, more where it is hard: a sample",
            findings.NAMED,
        ),
    ]
    in_part = findings.covered(findings.of_type(results, "f32"))
    if in_part:
        shares = ", ".join(f"`{name}` {percent} %" for name, percent in in_part.items())
        text = f"""Of these activations part of the float32 inputs was tried: {shares}. Of each 2^23
        inputs that were not tried, 4,096 were sampled. An infinity at which a function has no limit
        gives NaN, and counts as undecided."""
        lines += ["", _prose(text)]
    lines += _undecided(findings.of_type(results, "f32"))
    return "\n".join(lines)


def _undecided(rows: list[Row]) -> list[str]:
    """What is said of finite inputs whose results the prover could not judge."""
    found = [row for row in rows if row["undecided"] > findings.INFINITIES]
    if not found:
        return []
    inputs = " and ".join(
        f"{row['undecided']:,} inputs of `{row['activation']}` ({row['quantity']})" for row in found
    )
    text = f"""Undecided are {inputs}: their exact result is nearer to the middle between two
    float32 numbers than the references tell. They count as not correctly rounded."""
    return ["", _prose(text)]


def _by_activation(rows: list[Row], activations: list[Activation]) -> str:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        kind = row["quantity"] if row["quantity"] in SHORT else "parameter_gradient"
        found.setdefault((row["activation"], kind), []).append(row)
    in_part = findings.covered(rows) if rows and rows[0]["type"] == "f32" else {}
    lines = [f"| activation | {' | '.join(SHORT.values())} |", "|---|" + "---|" * len(SHORT)]
    for _, _, members in by_family(activations):
        for name in (member.name for member in members):
            cells = [_cell(found.get((name, kind), [])) for kind in SHORT]
            if any(cells):
                mark = " \N{DOUBLE DAGGER}" if name in in_part else ""
                lines.append(f"| `{name}`{mark} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(rows: list[Row]) -> str:
    if not rows:
        return ""
    correct = min(1 - findings.share(row) for row in rows)
    percent = math.floor(correct * 1e4 + ROUNDING) / 100
    return f"{max(map(ulp, rows)):.4g} ({percent:g} %)"


def _exceptions(activations: list[Activation]) -> list[str]:
    """Why a bound is worse than the rest, and where an exact zero makes it absolute."""
    lines = []
    for activation in activations:
        spots = [_hard_spot(activation, spot) for spot in activation.accuracy["hard_spots"]]
        note = [_sentence(activation.accuracy["note"])] if activation.accuracy["note"] else []
        if spots or note:
            lines.append(f"- `{activation.name}`: " + " ".join([*note, *spots]))
    if not lines:
        return []
    about = """These bounds stand in the entries, and tests hold them. Next to an exact zero a bound
    of float64 is absolute."""
    return ["## Stated exceptions", _prose(about), "\n".join(lines)]


def _sentence(note: str) -> str:
    return note if note.endswith(".") else note + "."


def _hard_spot(activation: Activation, spot: dict[str, Any]) -> str:
    variable = "gate" if activation.kind == "pairs" else "x"
    place = f"{spot['times']} {variable}" if spot["times"] else variable
    where = f"for {place} in [{spot['low']:g}, {spot['high']:g}]"
    error = f"{spot['absolute_error']:g}"
    return f"In float64, {SHORT[spot['quantity']]} {where} is within {error} (absolute)."


def _unmeasured(results: Row, activations: list[Activation]) -> list[str]:
    measured = {row["activation"] for row in results["rows"]}
    missing = [a.name for a in activations if a.kind == "elementwise" and a.name not in measured]
    if not missing:
        return []
    text = f"""`./dev prove --write` has not measured {findings.listed(missing)} yet. Such bounds
    are stated in the entries and held at golden points, as those of rows and gated pairs are."""
    return ["## Stated alone", _prose(text)]


def _prose(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, break_on_hyphens=False)
