"""What a benchmark is held to: a figure, mostly a ratio of two things measured in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_table import table


@dataclass(frozen=True)
class Bar:
    what: str
    limit: float
    measured: float | None  # the worst, or the mean; None: nothing to measure it by
    where: str = ""
    at_least: bool = False  # else the limit is the most that is allowed

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        held = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "pass" if held else "FAIL"


def table_of(bars: Sequence[Bar]) -> str:
    rows = [
        [
            bar.what,
            f"at {'least' if bar.at_least else 'most'} {bar.limit:.2f}",
            f"{bar.measured:.2f}" if bar.measured is not None else "",
            bar.where,
            bar.verdict,
        ]
        for bar in bars
    ]
    return table(["bar", "limit", "measured", "where", "verdict"], rows)
