"""What kernels_benchmark prints: one JSON object per line, first about the run, then timings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

RECTIFIER = "rectifier"
ONEDNN = "oneDNN"
PYTORCH = "PyTorch"
MEMCPY = "memcpy"  # the faster of its two ways


@dataclass(frozen=True)
class Place:
    """Where an activation was timed. `row` is told apart for activations along rows alone."""

    type: str
    elements: int
    threads: int
    row: int | None = None


L1 = Place("float32", 1 << 11, 1)
L2 = Place("float32", 1 << 17, 1)
MEMORY = Place("float32", 1 << 24, 1)
L2_TWO_THREADS = Place("float32", 1 << 17, 2)
MEMORY_TWO_THREADS = Place("float32", 1 << 24, 2)
F64 = Place("float64", 1 << 24, 1)
F16 = Place("float16", 1 << 24, 1)
BF16 = Place("bfloat16", 1 << 24, 1)
ROWS = [Place("float32", 1 << 20, 1, row) for row in (16, 128, 1024, 4096)]


@dataclass(frozen=True)
class Timing:
    """Nanoseconds per element of the input."""

    best: float
    median: float


@dataclass
class Timings:
    run: dict[str, Any]  # target, targets, sides, quick, upstream
    kinds: dict[str, str] = field(default_factory=dict)  # by activation, in the catalogue's order
    families: dict[str, str] = field(default_factory=dict)
    timings: dict[tuple[str, Place, str], Timing] = field(default_factory=dict)

    def add(self, record: dict[str, Any]) -> None:
        activation = record["activation"]
        self.kinds[activation] = record["kind"]
        self.families[activation] = record["family"]
        row = record["row"] if record["kind"] == "rows" else None
        place = Place(record["type"], record["elements"], record["threads"], row)
        side = MEMCPY if record["side"].startswith(MEMCPY) else record["side"]
        timing = Timing(record["best"], record["median"])
        before = self.timings.get((activation, place, side))
        if before is None or timing.best < before.best:
            self.timings[activation, place, side] = timing

    def find(self, activation: str, place: Place, side: str = RECTIFIER) -> Timing | None:
        return self.timings.get((activation, place, side))

    def ratio(self, activation: str, place: Place, side: str) -> float | None:
        """Our time over that of `side`; None where either is missing."""
        ours, other = self.find(activation, place), self.find(activation, place, side)
        return ours.best / other.best if ours and other else None


def read(lines: Iterable[str]) -> Timings:
    records = map(json.loads, lines)
    timings = Timings(next(records))
    for record in records:
        timings.add(record)
    return timings
