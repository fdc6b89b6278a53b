from __future__ import annotations

from pathlib import Path

import pytest
from markdown_table import table
from marked_section import replaced, write


def test_a_section_replaces_what_stands_between_its_markers() -> None:
    text = "before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n"

    assert replaced(text, "x", "new\n") == "before\n<!-- x:begin -->\nnew\n<!-- x:end -->\nafter\n"


def test_missing_markers_are_an_error() -> None:
    with pytest.raises(ValueError, match="x:begin"):
        replaced("no markers", "x", "new")


def test_a_file_without_markers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("no markers")

    with pytest.raises(ValueError, match=r"README\.md: no <!-- x:begin -->"):
        write(path, "x", "new")


def test_a_table_is_padded_and_aligned() -> None:
    assert table(["name", "ns"], [["a", "10.00"], ["bcdef", "1.00"]]).splitlines() == [
        "| name  |    ns |",
        "|-------|------:|",
        "| a     | 10.00 |",
        "| bcdef |  1.00 |",
    ]
