"""core/accuracy_table.h: the worst errors that `./dev prove` found, for C++.

Reads tests/numerics/prove/results.json, where that is there. A bound is the worst over all
arguments tried, rounded up in its third digit.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal
from pathlib import Path
from typing import Any

from catalogue import ROOT

RESULTS = ROOT / "tests/numerics/prove/results.json"
HEADER = ROOT / "core/accuracy_table.h"

# In the order of the C++ enumerations, which the table is sorted by.
QUANTITIES = {
    "value": "kValue",
    "gradient": "kGradient",
    "second_derivative": "kSecondDerivative",
    "parameter_gradient": "kParameterGradient",
}
TYPES = {"f64": "kFloat64", "f32": "kFloat32", "f16": "kFloat16", "bf16": "kBFloat16"}
# How many finite numbers a type has; f64 has too many to try.
FINITE = {"f32": 255 << 24, "f16": 31 << 11, "bf16": 255 << 8}
# results.json rounds to five decimals, up or down.
HALF_A_DIGIT = Decimal("5e-6")

FILE = """\
// Generated from tests/numerics/prove/results.json: do not edit.
// The worst errors that `./dev prove` found, by activation, quantity and element type.
#ifndef RECTIFIER_CORE_ACCURACY_TABLE_H_
#define RECTIFIER_CORE_ACCURACY_TABLE_H_

#include <array>

#include "core/accuracy.h"

namespace rectifier {

struct AccuracyRow {
  absl::string_view activation;
  Quantity quantity;
  ElementType type;
  ErrorBound bound;
};

// clang-format off
inline constexpr std::array<AccuracyRow, %d> kAccuracyTable = {{
%s}};
// clang-format on

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACCURACY_TABLE_H_
"""


@dataclass(frozen=True)
class Bound:
    """What holds for all the arguments that were tried."""

    max_ulp: float
    exhaustive: bool
    correctly_rounded: float


def header(results: dict[str, Any]) -> str:
    """The text of accuracy_table.h."""
    bounds = _bounds(results)
    rows = "".join(_row(key, bounds[key]) for key in sorted(bounds, key=_order))
    return FILE % (len(bounds), rows)


def load(path: Path = RESULTS) -> dict[str, Any]:
    """What was found; nothing where nothing was written yet."""
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"rows": []}
    return results


def write(path: Path = HEADER) -> None:
    path.write_text(header(load()))


def bound_of(worst_ulp: float, correctly_rounded: float) -> float:
    """Half a ULP is correct rounding; else the worst error, rounded up to three digits."""
    if correctly_rounded == 1:
        return 0.5
    worst = Decimal(repr(worst_ulp)) + HALF_A_DIGIT
    return float(Context(prec=3, rounding=ROUND_UP).create_decimal(worst))


def _bounds(results: dict[str, Any]) -> dict[tuple[str, str, str], Bound]:
    found = defaultdict(list)
    for row in results["rows"]:
        if isinstance(row["worst_ulp"], str):
            raise ValueError(f"no bound holds for a wrong result: {row}")
        quantity = "parameter_gradient" if row["quantity"].startswith("d/") else row["quantity"]
        found[row["activation"], quantity, row["type"]].append(row)
    return {key: _bound(key[2], rows) for key, rows in found.items()}


def _bound(element_type: str, rows: list[dict[str, Any]]) -> Bound:
    finite = FINITE.get(element_type, math.inf)
    return Bound(
        max_ulp=max(bound_of(row["worst_ulp"], row["correctly_rounded"]) for row in rows),
        exhaustive=all(row["inputs"] - row["undecided"] >= finite for row in rows),
        correctly_rounded=min(row["correctly_rounded"] for row in rows),
    )


def _order(key: tuple[str, str, str]) -> tuple[str, int, int]:
    activation, quantity, element_type = key
    return activation, [*QUANTITIES].index(quantity), [*TYPES].index(element_type)


def _row(key: tuple[str, str, str], bound: Bound) -> str:
    activation, quantity, element_type = key
    evidence = "kExhaustive" if bound.exhaustive else "kSampled"
    fields = (
        f'"{activation}"',
        f"Quantity::{QUANTITIES[quantity]}",
        f"ElementType::{TYPES[element_type]}",
        f"{{{bound.max_ulp!r}, Evidence::{evidence}, {bound.correctly_rounded!r}}}",
    )
    return f"    {{{', '.join(fields)}}},\n"


if __name__ == "__main__":
    write()
