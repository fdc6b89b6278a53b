"""What kernels_benchmark prints becomes tables and verdicts."""

from __future__ import annotations

import json
from typing import Any

import tables
import timings
from bars import all_bars
from timings import MEMCPY, MEMORY, ONEDNN, PYTORCH, ROWS, Place

SETTING = tables.Setting(
    "./dev bench kernels", "A processor, 2 CPUs", "2026-01-02", {ONEDNN: "2.6.3", PYTORCH: None}
)
RUN = {
    "target": "AVX3",
    "targets": ["AVX3", "SCALAR"],
    "sides": ["rectifier", "memcpy in blocks", "memcpy whole", "oneDNN"],
    "quick": False,
    "upstream": False,
}


def _record(activation: str, side: str, best: float, place: Place = MEMORY) -> dict[str, Any]:
    return {
        "activation": activation,
        "kind": "elementwise" if place.row is None else "rows",
        "family": "piecewise" if activation == "relu" else "other",
        "type": place.type,
        "elements": place.elements,
        "threads": place.threads,
        "row": place.row or 1024,
        "side": side,
        "best": best,
        "median": best * 1.25,
    }


def _timings(*records: dict[str, Any]) -> timings.Timings:
    return timings.read(json.dumps(line) for line in [RUN, *records])


def test_memcpy_is_the_faster_of_its_two_ways() -> None:
    measured = _timings(
        _record("relu", "memcpy in blocks", 0.5), _record("relu", "memcpy whole", 0.4)
    )

    found = measured.find("relu", MEMORY, MEMCPY)

    assert found is not None
    assert found.best == 0.4


def test_a_ratio_needs_both_sides() -> None:
    measured = _timings(_record("relu", "rectifier", 0.5), _record("relu", "oneDNN", 1.0))

    assert measured.ratio("relu", MEMORY, ONEDNN) == 0.5
    assert measured.ratio("relu", MEMORY, PYTORCH) is None


def test_the_table_shows_times_ratios_and_spread() -> None:
    text = tables.text(
        _timings(
            _record("relu", "rectifier", 0.5),
            _record("relu", "memcpy in blocks", 0.4),
            _record("relu", "oneDNN", 1.0),
        ),
        SETTING,
    )

    (row,) = [line for line in text.splitlines() if line.startswith("| `relu`")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == ["`relu`", "", "", "0.50", "", "", "0.50", "", "1.25", "", "", "", "", "25%"]


def test_the_header_names_what_is_absent() -> None:
    text = tables.text(_timings(_record("relu", "rectifier", 0.5)), SETTING)

    assert "oneDNN 2.6.3, PyTorch absent" in text
    assert "/PyTorch |" not in text


def test_a_bar_tells_the_worst_activation() -> None:
    measured = _timings(
        _record("relu", "rectifier", 0.5),
        _record("relu", "oneDNN", 1.0),
        _record("tanh", "rectifier", 1.2),
        _record("tanh", "oneDNN", 1.0),
    )

    bar = all_bars(measured)[0]

    assert (bar.measured, bar.where, bar.verdict) == (1.2, "worst of 2: tanh", "FAIL")


def test_a_bar_without_a_peer_is_not_measured() -> None:
    verdicts = {bar.verdict for bar in all_bars(_timings(_record("relu", "rectifier", 0.5)))}

    assert verdicts == {"not measured"}


def test_softmax_is_held_to_its_fastest_peer() -> None:
    measured = _timings(
        _record("softmax", "rectifier", 1.1, ROWS[0]),
        _record("softmax", "oneDNN", 1.0, ROWS[0]),
        _record("softmax", "PyTorch", 2.0, ROWS[0]),
    )

    (bar,) = [bar for bar in all_bars(measured) if bar.what.endswith("rows of 16")]

    assert (bar.measured, bar.verdict) == (1.1, "pass")
