"""What the READMEs say of the prover's results, between markers: from tests/prove/results.json."""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import marked_section

from accuracy_table import FINITE, load
from catalogue import ROOT

README = ROOT / "README.md"
CORE_README = ROOT / "core/README.md"
QUANTITY = {"value": "value", "gradient": "gradient", "second_derivative": "second derivative"}
# Worse than this is named one by one.
USUAL_ULP = 0.501
# So is a share of misrounded results above this.
USUAL_SHARE = 1e-3
NAMED = 5

Row = dict[str, Any]


def headline(results: Row) -> str:
    """The first thing that README.md says of accuracy."""
    f32, f64 = _of(results, "f32"), _of(results, "f64")
    worst = max(f32, key=_ulp)
    in_part = _names(row for row in f32 if not _is_whole(row))
    text = f"""\
- **An error bound for every result, and how it is known.** `./dev prove` runs all 2^32 float32
inputs of an activation, its derivatives and its parameters' derivatives, at default arguments,
against references whose own error is proven, and decides every tie exactly. The worst of
{len({row["activation"] for row in f32})} elementwise activations is {_ulp(worst):.4g} units in the
last place (ULP; 0.5 is correct rounding), in the {_quantity(worst)} of `{worst["activation"]}`:
tails and roots of derivatives are included, where [others](#beside-others) lose every digit.
{in_part} are proven in part, and sampled elsewhere. float16 and bfloat16 are correctly rounded for
all inputs at default arguments. float64 and other arguments are sampled
({max(map(_ulp, f64)):.4g} ULP at most in float64, at default arguments); rows and gated pairs are
stated, and held at golden points. See the [catalogue](#the-catalogue)."""
    return textwrap.fill(text, 125, subsequent_indent="  ", break_on_hyphens=False)


def figures(results: Row) -> str:
    """The table of core/README.md."""
    lines = [
        f"At default arguments, {_dates(results)}:",
        "",
        "| type | inputs of each quantity | worst ULP | not correctly rounded |",
        "|---|---|---|---|",
    ]
    tried = {"f32": "all 2^32, but for those below", "f16": "all 65,536", "bf16": "all 65,536"}
    for element_type in ("f32", "f16", "bf16", "f64"):
        rows = _of(results, element_type)
        inputs = tried.get(element_type, "10^7 at least, more where it is hard: a sample")
        cells = [element_type, inputs, _worst(rows), _misrounded(rows)]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", f"In part, of all float32 inputs: {_covered(_of(results, 'f32'))}."]
    return "\n".join(lines)


def rewritten(results: Row) -> dict[Path, str]:
    """The READMEs as they ought to be."""
    sections = {
        README: ("headline", headline(results)),
        CORE_README: ("accuracy", figures(results)),
    }
    return {
        path: marked_section.replaced(path.read_text(), *section)
        for path, section in sections.items()
    }


def write() -> None:
    for path, content in rewritten(load()).items():
        path.write_text(content)


def _of(results: Row, element_type: str) -> list[Row]:
    return [row for row in results["rows"] if row["type"] == element_type]


def _ulp(row: Row) -> float:
    return float(row["worst_ulp"])


def _share(row: Row) -> float:
    """Of results that are not correctly rounded, where there is an exact one."""
    wrong = round((1 - row["correctly_rounded"]) * row["inputs"]) - row["undecided"]
    return max(0, wrong) / float(row["inputs"])


def _quantity(row: Row) -> str:
    name: str = row["quantity"]
    return QUANTITY.get(name, "derivative by " + name.removeprefix("d/"))


def _is_whole(row: Row) -> bool:
    return bool(row["inputs"] >= FINITE[row["type"]])


def _names(rows: Iterable[Row]) -> str:
    *most, last = sorted({f"`{row['activation']}`" for row in rows})
    return f"{', '.join(most)} and {last}" if most else last


def _worst(rows: list[Row]) -> str:
    worst = sorted((row for row in rows if _ulp(row) > USUAL_ULP), key=_ulp, reverse=True)
    if not worst:
        return f"{max(map(_ulp, rows)):.4g}"
    named = [f"{_ulp(row):.4g} (`{row['activation']}` {_quantity(row)})" for row in worst[:NAMED]]
    rest = [_ulp(row) for row in rows if row not in worst[:NAMED]]
    return ", ".join(named + ([f"else {max(rest):.4g} at most"] if rest else []))


def _misrounded(rows: list[Row]) -> str:
    worst = sorted((row for row in rows if _share(row) > USUAL_SHARE), key=_share, reverse=True)
    if not any(map(_share, rows)):
        return "none"
    named = [
        f"{100 * _share(row):.2g} % (`{row['activation']}` {_quantity(row)})"
        for row in worst[:NAMED]
    ]
    more = len(worst) - NAMED
    if more > 0:
        named.append(f"{more} more above {100 * USUAL_SHARE:g} %")
    median = statistics.median(map(_share, rows))
    return ", ".join([*named, f"in the median {median:.0e}"])


def _covered(rows: list[Row]) -> str:
    least: dict[str, float] = {}
    for row in rows:
        if not _is_whole(row):
            share = row["inputs"] / 2**32
            least[row["activation"]] = min(share, least.get(row["activation"], 1))
    return ", ".join(f"`{name}` {math.floor(100 * share)} %" for name, share in least.items())


def _dates(results: Row) -> str:
    dates = sorted({row["date"] for row in results["rows"]})
    return dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"


if __name__ == "__main__":
    write()
