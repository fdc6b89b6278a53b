"""What rpc_benchmark prints becomes figures, tables and verdicts."""

from __future__ import annotations

import json
from typing import Any

import call_tables
import pytest
import quantities
import turns
from call_bars import all_bars
from turns import (
    BESIDE,
    BUFFERS,
    FLOOR,
    KERNEL,
    MIB,
    NUMPY,
    PIECES,
    RECTIFIER,
    STREAM,
    Place,
    Turns,
)

SETTING = call_tables.Setting("./dev bench rpc", "A processor, 2 CPUs", "2026-01-02", grpc="1.51.1")
RUN = {"scope": "whole", "activation": "silu", "rounds": 2, "turn": 0.5, "sides": ""}
SMALL = Place("calls", 64)
BIG = Place("calls", 16 * MIB)
IN_BUFFERS = Place("buffers", 16 * MIB)
LONG = Place("stream", 1024 * MIB)


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
        "client_bytes": 0,
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


def test_shared_buffers_are_held_to_the_kernel_and_to_bytes() -> None:
    measured = turns_of(
        record(IN_BUFFERS, KERNEL, calls=1000),
        record(IN_BUFFERS, BUFFERS, calls=850),
        record(IN_BUFFERS, RECTIFIER, calls=100),
    )

    kernel = "MB/s of the kernel alone, relu, 16 MiB, shared buffers"
    assert _verdict(measured, kernel) == (0.85, "pass")
    over_bytes = "MB/s of Evaluate over bytes, relu, 16 MiB, shared buffers"
    assert _verdict(measured, over_bytes) == (8.5, "FAIL")


def test_a_stream_is_held_to_calls_of_the_same_bytes() -> None:
    measured = turns_of(record(LONG, STREAM, seconds=1.25), record(LONG, PIECES, seconds=1.0))

    assert _verdict(measured, "MB/s of calls of 16 MiB, stream of 1 GiB") == (0.8, "FAIL")


@pytest.mark.parametrize(("server", "client"), [(16, 24), (24, 16)])
def test_the_side_of_a_stream_that_holds_more_counts(server: int, client: int) -> None:
    measured = turns_of(
        record(
            LONG, STREAM, idle_bytes=0, peak_bytes=server * MIB, client_bytes=client * MIB, calls=1
        )
    )

    what = "peak memory over 32 MiB, stream of 1 GiB"
    assert _verdict(measured, what) == (0.75, "pass")
    assert _verdict(turns_of(), what) == (None, "not measured")


def test_small_studies_have_tables_of_their_own() -> None:
    measured = turns_of(
        record(IN_BUFFERS, KERNEL, calls=1000),
        record(IN_BUFFERS, BUFFERS, calls=500),
        record(LONG, STREAM, peak_bytes=50_000_000 + 8 * MIB, client_bytes=4 * MIB, calls=1),
    )

    text = call_tables.text(measured, SETTING)

    rows = [line for line in text.splitlines() if line.startswith(("| 16 MiB", "| 1 GiB"))]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert cells == [
        ["16 MiB x1 kernel", "1.00 ms", "33554", "1.00", "", ""],
        ["16 MiB x1 rectifier buffers", "1.00 ms", "16777", "0.50", "", "200 us"],
        ["1 GiB rectifier stream", "1.00 ms", "2147", "8.0 MiB", "4.0 MiB"],
    ]


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
