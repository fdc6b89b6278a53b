"""What was measured of the clients, as tables and bars."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bar
from drivers import NAMES, REFERENCE
from markdown_table import table
from quantities import digits, duration, size

SIZES = (64, 1 << 20, 16 << 20, 64 << 20)
LEGEND = """\
Each figure is the median over rounds, with the first and third quartile behind it. In a round every
client has one turn, so that "over C++" compares turns that followed each other."""

_BARS = (("python", 16 << 20, 1.3),)

Times = Mapping[int, Mapping[str, Sequence[float]]]
"""By bytes of the tensor, then by language: the seconds of a call, round by round."""


@dataclass(frozen=True)
class Setting:
    """Where and how it was measured."""

    command: str
    machine: str
    date: str
    load: float
    rounds: int
    left_out: Mapping[str, str]
    """By language: what would bring it."""


def text(times: Times, setting: Setting) -> str:
    """The section of RESULTS.md."""
    parts = [
        _heading(setting),
        *(f"{NAMES[one]} is left out: {why}" for one, why in setting.left_out.items()),
        bar.table_of(bars(times)),
        LEGEND,
        *(_table_of(count, by_language) for count, by_language in times.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _heading(setting: Setting) -> str:
    rounds = "1 round" if setting.rounds == 1 else f"{setting.rounds} rounds"
    return (
        f"`{setting.command}`, {setting.date}, {setting.machine}; `relu` of float32, unix socket, "
        f"{rounds}; load average at the start {setting.load:.1f}."
    )


def bars(times: Times) -> list[bar.Bar]:
    """What the figures are held to."""
    made = []
    for language, count, limit in _BARS:
        by_language = times.get(count, {})
        given = by_language.get(language)
        over = given and statistics.median(_over_reference(given, by_language[REFERENCE]))
        what = f"{NAMES[language]} over C++, {size(count)}"
        made.append(bar.Bar(what, limit, over or None))
    return made


def _table_of(count: int, by_language: Mapping[str, Sequence[float]]) -> str:
    rows = []
    for language, seconds in by_language.items():
        over = _over_reference(seconds, by_language[REFERENCE])
        rows.append(
            [
                NAMES[language],
                duration(statistics.median(seconds)),
                " to ".join(duration(quartile) for quartile in _quartiles(seconds)),
                digits(statistics.median(over)) if language != REFERENCE else "",
                " to ".join(digits(quartile) for quartile in _quartiles(over))
                if language != REFERENCE
                else "",
            ]
        )
    return table([size(count), "a call", "quartiles", "over C++", "quartiles"], rows)


def _over_reference(seconds: Sequence[float], reference: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(seconds, reference, strict=True)]


def _quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The first and the third; of one value, that value."""
    if len(values) == 1:
        return values[0], values[0]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third
