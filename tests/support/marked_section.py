"""Generated text in a page, between the markers `<!-- NAME:begin -->` and `<!-- NAME:end -->`."""

from __future__ import annotations

from pathlib import Path


def replaced(text: str, name: str, section: str) -> str:
    """`text` with `section` between the markers. Errors: ValueError where these are missing."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"no {begin} ... {end}")
    return f"{before}{begin}\n{section.rstrip()}\n{end}{after}"


def require(path: Path, name: str) -> None:
    """Errors: ValueError, naming the file, where it lacks the markers."""
    try:
        replaced(path.read_text(), name, "")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def write(path: Path, name: str, section: str) -> None:
    """Errors: those of require."""
    require(path, name)
    path.write_text(replaced(path.read_text(), name, section))
