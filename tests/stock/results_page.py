"""Puts what tools printed into RESULTS.md: results_page.py FOLDER, which has a file for each."""

from __future__ import annotations

import sys
from pathlib import Path

import machine
import marked_section

PAGE = Path(__file__).with_name("RESULTS.md")
MOST_LINES = 40


def shown(text: str) -> str:
    """The first lines, and how many there are besides."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    more = len(lines) - MOST_LINES
    if more > 0:
        lines[MOST_LINES:] = [f"... ({more} lines more)"]
    return "\n".join(lines)


def main() -> None:
    parts = [f"`tests/stock/run RECTIFIERD --write`, {machine.today()}, {machine.description()}."]
    for file in sorted(Path(sys.argv[1]).iterdir()):
        name = file.name.split(" ", 1)[1]
        text = shown(file.read_text())
        parts.append(
            f"### {name}\n\n" + (f"```\n{text}\n```" if text else "It ran, and prints nothing.")
        )
    marked_section.write(PAGE, "tools", "\n\n".join(parts))


if __name__ == "__main__":
    main()
