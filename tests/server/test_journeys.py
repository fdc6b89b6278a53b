"""server/README.md names functions that exist, and every file."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "server/README.md").read_text()
SUFFIXES = {".cc", ".h"}


def sources(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)


def test_every_function_of_the_journeys_exists() -> None:
    named = set(re.findall(r"`((?:\w+::)+\w+)`", README))
    code = "\n".join(path.read_text() for path in sources("server") + sources("core"))
    missing = {name for name in named if not re.search(rf"\b{name.split('::')[-1]}\(", code)}
    assert len(named) > 30
    assert missing == set()


def test_every_file_is_in_the_table() -> None:
    # Or in that of its room, where it has one.
    table = README.partition("## Rooms")[2] + (ROOT / "server/http/README.md").read_text()
    named = set(re.findall(r"`(\w+)`", table))
    assert {path.stem for path in sources("server")} - named == set()
