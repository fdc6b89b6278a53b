"""What vectors/README.md says of rounding: how many elements are not the nearest, and where."""

from __future__ import annotations

from marked_section import replaced

from formats import FLOATS
from vectors import DIRECTORY
from verdicts import Tally

PAGE = DIRECTORY / "README.md"
SECTION = "rounding"


def section(tally: Tally) -> str:
    lines = ["| element type | elements | not the nearest |", "|---|---:|---:|"]
    lines += [f"| {t} | {tally.total(t):,} | {tally.differing(t)} |" for t in FLOATS]
    named = ", ".join(f"`{name}` {count}" for name, count in sorted(tally.beside.items()))
    lines += [
        "",
        f"The formulas have no result for {tally.unknown} further elements, at infinities. By",
        f"activation, those that are not the nearest: {named}.",
    ]
    return "\n".join(lines)


def page(text: str, tally: Tally) -> str:
    return replaced(text, SECTION, section(tally))


def write_summary(tally: Tally) -> None:
    PAGE.write_text(page(PAGE.read_text(), tally))
