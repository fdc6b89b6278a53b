"""The tables of `./dev bench call`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from counts import Counts
from markdown_table import table

# What has less on every side is no row of its own.
_LEAST_ROW = 500
# The servers' own programs, and how many parts of the difference are named.
_PROGRAMS = ("call_rectifierd", "rpc_floor")
_LISTED = 7


@dataclass(frozen=True)
class Setting:
    command: str
    machine: str
    date: str
    grpc: str | None
    valgrind: str | None


def text(measured: Mapping[str, Counts], setting: Setting) -> str:
    """`measured` is by side; floor and rectifier are among them."""
    floor, ours = measured["floor"], measured["rectifier"]
    head = (
        f"`{setting.command}`, {setting.date}, {setting.machine}; gRPC {setting.grpc}, Valgrind "
        f"{setting.valgrind}; Evaluate of 16 float32, relu, value and gradient, over the unix "
        "socket, one call in flight. All figures are of one call."
    )
    parts = [
        head,
        _totals(measured),
        "Instructions by program and library:",
        _counters({name: counts.objects for name, counts in measured.items()}),
        _account(floor, ours),
        "Instructions in Rectifier's sources, what is inlined into them from elsewhere left out:",
        _counters({"rectifier": ours.rooms}),
        "System calls:",
        _counters({name: counts.system_calls for name, counts in measured.items()}, least=0.05),
    ]
    return "\n\n".join(parts) + "\n"


def _totals(measured: Mapping[str, Counts]) -> str:
    rows: list[tuple[str, Callable[[Counts], str]]] = [
        ("instructions", lambda c: f"{c.instructions:,}"),
        ("allocations", lambda c: f"{c.allocations:.1f}"),
        ("locks taken", lambda c: f"{c.locks:.1f}"),
        ("clock reads", lambda c: f"{c.clock_reads:.1f}"),
        ("system calls", lambda c: f"{sum(c.system_calls.values()):.1f}"),
        ("waits of a thread", lambda c: f"{c.waits:.1f}"),
        ("misses of the first cache", lambda c: f"{c.first_level_misses:.0f}"),
        ("misses of the last cache", lambda c: f"{c.last_level_misses:.1f}"),
    ]
    return table(
        ["", *measured], [[name, *(show(c) for c in measured.values())] for name, show in rows]
    )


def _counters(columns: Mapping[str, Mapping[str, float]], least: float = _LEAST_ROW) -> str:
    """The rows that any side has much of, most first; the others as one."""
    names = {name for column in columns.values() for name in column}
    shown = [n for n in names if any(column.get(n, 0) >= least for column in columns.values())]
    shown.sort(key=lambda name: (-max(column.get(name, 0) for column in columns.values()), name))
    rows = [
        [name, *(_number(column.get(name, 0)) for column in columns.values())] for name in shown
    ]
    rest = [
        sum(n for name, n in column.items() if name not in shown) for column in columns.values()
    ]
    if any(rest):
        rows.append(["others", *map(_number, rest)])
    return table(["", *columns], rows)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _account(floor: Counts, ours: Counts) -> str:
    """Where what we take more than the floor goes."""
    more = ours.instructions - floor.instructions
    names = set(ours.objects) | set(floor.objects)
    parts = {name: ours.objects[name] - floor.objects[name] for name in names - set(_PROGRAMS)}
    parts["its own program"] = sum(ours.objects[name] - floor.objects[name] for name in _PROGRAMS)
    most = sorted(parts.items(), key=lambda part: -part[1])[:_LISTED]
    share = sum(count for _, count in most) / more
    return (
        f"Rectifier takes {more:,} instructions more than the floor, which is "
        f"{ours.instructions / floor.instructions:.2f} times as many. Of these "
        + ", ".join(f"{count:,} are in {name}" for name, count in most)
        + f": together {share:.0%}."
    )
