"""Rows of tests/numerics/prove/results.json: one activation, quantity and type each."""

from __future__ import annotations

import math
import statistics
from typing import Any

from accuracy_table import FINITE

Row = dict[str, Any]
QUANTITY = {"value": "value", "gradient": "gradient", "second_derivative": "second derivative"}
TITLES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16", "f64": "float64"}
# Where a function has no limit there, the infinities are undecided: they have no exact result.
INFINITIES = 2
# Worse than this is named one by one.
USUAL_ULP = 0.501
# So is a share of misrounded results above this.
USUAL_SHARE = 1e-3
NAMED = 5


def of_type(results: Row, element_type: str) -> list[Row]:
    return [row for row in results["rows"] if row["type"] == element_type]


def ulp(row: Row) -> float:
    return float(row["worst_ulp"])


def share(row: Row) -> float:
    """Of results that are not correctly rounded, where there is an exact one."""
    if "misrounded" in row:
        return max(0, row["misrounded"]) / float(row["inputs"])
    without = min(row["undecided"], INFINITIES)
    wrong = round((1 - row["correctly_rounded"]) * row["inputs"]) - without
    return max(0, wrong) / float(row["inputs"])


def quantity(row: Row) -> str:
    name: str = row["quantity"]
    return QUANTITY.get(name, "derivative by " + name.removeprefix("d/"))


def is_whole(row: Row) -> bool:
    """Whether every finite input was tried."""
    return bool(row["inputs"] >= FINITE[row["type"]])


def names(rows: list[Row]) -> list[str]:
    return sorted({row["activation"] for row in rows})


def listed(activations: list[str]) -> str:
    """Names as Markdown and a sentence have them; empty for none."""
    *most, last = [f"`{name}`" for name in activations] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def worst(rows: list[Row], most: int = NAMED) -> str:
    """The largest errors by name, and the largest of the rest."""
    large = sorted((row for row in rows if ulp(row) > USUAL_ULP), key=ulp, reverse=True)
    if not large:
        return f"{max(map(ulp, rows)):.4g}"
    named = [f"{ulp(row):.4g} (`{row['activation']}` {quantity(row)})" for row in large[:most]]
    rest = [ulp(row) for row in rows if row not in large[:most]]
    return ", ".join(named + ([f"else {max(rest):.4g} at most"] if rest else []))


def misrounded(rows: list[Row], most: int = NAMED) -> str:
    """The largest shares of results that are not correctly rounded, and the median one."""
    large = sorted((row for row in rows if share(row) > USUAL_SHARE), key=share, reverse=True)
    if not any(map(share, rows)):
        return "none"
    named = [
        f"{100 * share(row):.2g} % (`{row['activation']}` {quantity(row)})" for row in large[:most]
    ]
    more = len(large) - most
    if more > 0:
        named.append(f"{more} more above {100 * USUAL_SHARE:g} %")
    median = statistics.median(map(share, rows))
    return ", ".join([*named, f"in the median {100 * median:.1g} %"])


def table_rows(results: Row, whole: str, sample: str, most: int) -> list[str]:
    """The rows of a table, one for each element type: inputs, worst errors, misrounded shares."""
    inputs = {"f32": whole, "f16": "all 65,536", "bf16": "all 65,536", "f64": sample}
    return [
        f"| {title} | {inputs[key]} | {worst(rows, most)} | {misrounded(rows, most)} |"
        for key, title in TITLES.items()
        for rows in [of_type(results, key)]
    ]


def covered(rows: list[Row]) -> dict[str, int]:
    """Of activations of which not every float32 input was tried: how many percent were."""
    least: dict[str, float] = {}
    for row in rows:
        if not is_whole(row):
            tried = row["inputs"] / 2**32
            least[row["activation"]] = min(tried, least.get(row["activation"], 1))
    return {name: math.floor(100 * tried) for name, tried in least.items()}


def dates(results: Row) -> str:
    found = sorted({row["date"] for row in results["rows"]})
    return found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"
