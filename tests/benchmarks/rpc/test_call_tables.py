"""What rpc_benchmark prints becomes figures, tables and verdicts."""

from __future__ import annotations

import json
from typing import Any

import call_tables
import pytest
import quantities
import turns
from call_bars import all_bars
from turns import BESIDE, FLOOR, MIB, NUMPY, RECTIFIER, Place, Turns

SETTING = call_tables.Setting("./dev bench rpc", "A processor, 2 CPUs", "2026-01-02", grpc="1.51.1")
RUN = {"scope": "whole", "activation": "silu", "rounds": 2, "turn": 0.5, "sides": ""}
SMALL = Place("calls", 64)
BIG = Place("calls", 16 * MIB)


def record(place: Place, side: str, **changes: Any) -> dict[str, Any]:
    turn = {
        "round": 0,
        "calls": 1000,
        "seconds": 0.5,
        "p50": 1e-3,
        "p99": 2e-3,
        "cpu": 0.1,
        "faults": 0,
        "peak_bytes": 100_000_000,
        "idle_bytes": 50_000_000,
    }
    return {**vars(place), "side": side, **turn, **changes}


def turns_of(*records: dict[str, Any]) -> Turns:
    return turns.read(json.dumps(line) for line in [RUN, *records])


def _verdict(measured: Turns, what: str) -> tuple[float | None, str]:
    (bar,) = [bar for bar in all_bars(measured) if bar.what == what]
    return bar.measured and round(bar.measured, 3), bar.verdict


def test_figures_are_medians_over_the_rounds() -> None:
    measured = turns_of(
        *(record(SMALL, FLOOR, round=i, p50=p50) for i, p50 in enumerate((1.0, 9.0, 2.0)))
    )

    found = measured.find(SMALL, FLOOR)

    assert found is not None
    assert (found.p50, found.rate) == (2.0, 2000)
    assert found.cpu == pytest.approx(1e-4)


def test_p99_needs_a_hundred_calls_a_turn() -> None:
    measured = turns_of(record(SMALL, FLOOR, calls=100), record(SMALL, NUMPY, calls=99))

    figures = [measured.find(SMALL, side) for side in (FLOOR, NUMPY)]

    assert [one.p99 for one in figures if one] == [2e-3, None]


def test_a_ratio_compares_what_ran_in_the_same_round() -> None:
    noisy = [(1.0, 1.1), (10.0, 11.0), (2.0, 2.2)]
    measured = turns_of(
        *(record(SMALL, FLOOR, round=i, p50=floor) for i, (floor, _) in enumerate(noisy)),
        *(record(SMALL, RECTIFIER, round=i, p50=ours) for i, (_, ours) in enumerate(noisy)),
    )

    ratio = measured.ratio(SMALL, RECTIFIER, FLOOR, lambda turn: turn.p50)

    assert ratio == pytest.approx(1.1)
    assert measured.ratio(SMALL, RECTIFIER, NUMPY, lambda turn: turn.p50) is None


def test_throughput_is_held_to_a_share_of_the_floor() -> None:
    measured = turns_of(record(BIG, FLOOR, calls=10), record(BIG, RECTIFIER, calls=8))

    assert _verdict(measured, "MB/s of the floor, 16 MiB, unix") == (0.8, "FAIL")
    assert _verdict(measured, "MB/s of the floor, 64 MiB, unix") == (None, "not measured")


def test_a_stray_page_fault_is_none_per_call() -> None:
    clean = turns_of(record(SMALL, RECTIFIER, faults=4))
    faulting = turns_of(record(SMALL, RECTIFIER), record(BIG, RECTIFIER, calls=8, faults=800))

    assert _verdict(clean, "page faults per call") == (0, "pass")
    assert _verdict(faulting, "page faults per call") == (100, "FAIL")


def test_memory_is_counted_from_idle() -> None:
    one_and_a_half = 50_000_000 + 3 * BIG.payload * 3 // 2
    measured = turns_of(record(BIG, RECTIFIER, peak_bytes=one_and_a_half))

    what = "peak memory over requests and replies in flight"
    assert _verdict(measured, what) == (1.5, "pass")


def test_small_calls_are_held_to_their_p99_alone() -> None:
    place = Place("beside", 64)
    measured = turns_of(
        record(place, RECTIFIER, p99=1e-4), record(place, RECTIFIER + BESIDE, p99=6e-4)
    )

    what = "p99 of 64 B while 64 MiB calls run, over p99 alone"
    assert _verdict(measured, what) == (6, "FAIL")


def test_the_table_shows_a_row_for_each_side_of_a_place() -> None:
    text = call_tables.text(
        turns_of(record(SMALL, FLOOR), record(BIG, RECTIFIER, calls=10, faults=5)), SETTING
    )

    assert "gRPC 1.51.1; `silu`" in text
    rows = [line for line in text.splitlines() if line.startswith(("| 64 B x1", "| 16 MiB x1"))]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert cells == [
        [
            "64 B x1 floor unix",
            "1.00 ms",
            "2.00 ms",
            "0.13",
            "2000",
            "100 us",
            "0.00",
            "100 MB",
            "0%",
        ],
        [
            "16 MiB x1 rectifier unix",
            "1.00 ms",
            "",
            "336",
            "20.0",
            "10.0 ms",
            "0.50",
            "100 MB",
            "0%",
        ],
    ]


def test_quantities_are_written_with_three_digits() -> None:
    assert [quantities.duration(s) for s in (63.1e-6, 1.25e-3, 2)] == [
        "63.1 us",
        "1.25 ms",
        "2.00 s",
    ]
    assert [quantities.size(s) for s in (64, 4096, 16 * MIB)] == ["64 B", "4 KiB", "16 MiB"]
