"""The timings as Markdown: where they were taken, one table of ours, one of peers, rows, bars."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import geometric_mean

import bar
from bars import all_bars
from markdown_table import table
from timings import (
    BF16,
    F16,
    F64,
    L1,
    L2,
    L2_TWO_THREADS,
    MEMCPY,
    MEMORY,
    MEMORY_TWO_THREADS,
    ONEDNN,
    PYTORCH,
    RECTIFIER,
    ROWS,
    Timing,
    Timings,
)

HEAD = """\
# Speed of the kernels

`./dev bench kernels --write` measures and writes this page. [README.md](README.md) says how and
beside whom; [DECISIONS.md](../DECISIONS.md) says why so.

![our time as a part of a peer's](plots/speed.svg)

"""
LEGEND = """\
Value and gradient of float32, nanoseconds per element of the input, the best of the rounds.
L1, L2, mem: 2^11, 2^17 and 2^24 elements; x2: on two threads. /oneDNN, /PyTorch, /memcpy: our time
as a fraction of theirs at 2^24 elements. f64, f16, bf16: those types at 2^24 elements. Spread: how
far the median of the rounds lies above the best, ours at 2^24 elements.

All sides take turns within each round, on the same memory, allocated and touched before; threads
are not pinned. One thread is timed by the CPU time it takes, two by the clock. Peers compute
forward and backward, one call each. memcpy moves the same bytes: reads x, writes value and
gradient; the faster of copying in blocks and as a whole."""


@dataclass(frozen=True)
class Setting:
    """What the figures depend on."""

    command: str
    machine: str
    date: str
    versions: dict[str, str | None]  # by peer; None: absent when this was built


def text(timings: Timings, setting: Setting) -> str:
    parts = [_header(timings, setting), LEGEND, _ours(timings), _peers(timings), _rows(timings)]
    parts.append(_bars(timings))
    return "\n\n".join(part for part in parts if part) + "\n"


def page(tables: str) -> str:
    """RESULTS.md, with what text() gave."""
    return HEAD + tables


def _header(timings: Timings, setting: Setting) -> str:
    peers = [
        f"{name} {version}" if version else f"{name} absent"
        for name, version in setting.versions.items()
    ]
    targets = ", ".join(timings.run["targets"])
    notes = []
    if timings.run["quick"]:
        notes.append("Quick: few rounds.")
    if timings.run["upstream"]:
        notes.append("An upstream of ones was read by us too.")
    return " ".join(
        [
            f"`{setting.command}`, {setting.date}, {setting.machine};",
            f"CPU targets {targets}; {', '.join(peers)}.",
            *notes,
        ]
    )


def _ours(timings: Timings) -> str:
    header = ["activation", "L1", "L2", "mem", "L2 x2", "mem x2"]
    ratios = [(place, side) for side in _others(timings) for place in (MEMORY, MEMORY_TWO_THREADS)]
    for place, side in ratios:
        header.append(f"/{side}" if place == MEMORY else "x2")
    header += ["f64", "f16", "bf16", "spread"]
    names = _along_elements(timings)
    rows = [
        [
            f"`{name}`",
            *(_time(timings.find(name, place)) for place in (L1, L2, MEMORY)),
            *(_time(timings.find(name, place)) for place in (L2_TWO_THREADS, MEMORY_TWO_THREADS)),
            *(_ratio(timings.ratio(name, place, side)) for place, side in ratios),
            *(_time(timings.find(name, place)) for place in (F64, F16, BF16)),
            _spread(timings.find(name, MEMORY)),
        ]
        for name in names
    ]
    means = [_mean([timings.ratio(name, place, side) for name in names]) for place, side in ratios]
    rows.append(["geometric mean", *[""] * 5, *means, *[""] * 4])
    return table(header, rows) if names else ""


def _peers(timings: Timings) -> str:
    """Theirs, of the activations that a peer has; memcpy's once, as it depends on bytes alone."""
    places = {
        "L1": L1,
        "L2": L2,
        "mem": MEMORY,
        "L2 x2": L2_TWO_THREADS,
        "mem x2": MEMORY_TWO_THREADS,
    }
    places |= {"f64": F64, "f16": F16, "bf16": BF16}
    rows = []
    for side in _others(timings):
        for name in _along_elements(timings):
            found = [timings.find(name, place, side) for place in places.values()]
            if any(found):
                rows.append([f"{side} `{name}`", *map(_time, found)])
            if any(found) and side == MEMCPY:
                break
    return "Peers, in the same run:\n\n" + table(["", *places], rows) if rows else ""


def _rows(timings: Timings) -> str:
    sides = [RECTIFIER, *_others(timings)]
    places = [*ROWS]
    names = [name for name, kind in timings.kinds.items() if kind == "rows"]
    rows = []
    for name in names:
        for side in sides:
            found = [timings.find(name, place, side) for place in places]
            if any(found):
                label = f"`{name}`" if side == RECTIFIER else f"`{name}` {side}"
                rows.append([label, *map(_time, found)])
    if not rows:
        return ""
    title = "Along rows, 2^20 elements of float32, one thread, by the length of a row:\n\n"
    return title + table(["", *(str(place.row) for place in places)], rows)


def _bars(timings: Timings) -> str:
    return "Bars (our time as a fraction):\n\n" + bar.table_of(all_bars(timings))


def _others(timings: Timings) -> list[str]:
    present = timings.run["sides"]
    return [side for side in (ONEDNN, PYTORCH) if side in present] + [MEMCPY]


def _along_elements(timings: Timings) -> list[str]:
    return [name for name, kind in timings.kinds.items() if kind != "rows"]


def _time(timing: Timing | None) -> str:
    return f"{timing.best:.2f}" if timing else ""


def _ratio(ratio: float | None) -> str:
    return f"{ratio:.2f}" if ratio is not None else ""


def _spread(timing: Timing | None) -> str:
    return f"{100 * (timing.median / timing.best - 1):.0f}%" if timing else ""


def _mean(ratios: list[float | None]) -> str:
    present: list[float] = [ratio for ratio in ratios if ratio is not None]
    return f"{geometric_mean(present):.2f}" if present else ""
