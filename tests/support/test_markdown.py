from __future__ import annotations

import pytest
from markdown_table import table
from marked_section import replaced


def test_a_section_replaces_what_stands_between_its_markers() -> None:
    text = "before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n"

    assert replaced(text, "x", "new\n") == "before\n<!-- x:begin -->\nnew\n<!-- x:end -->\nafter\n"


def test_missing_markers_are_an_error() -> None:
    with pytest.raises(ValueError, match="x:begin"):
        replaced("no markers", "x", "new")


def test_a_table_is_padded_and_aligned() -> None:
    assert table(["name", "ns"], [["a", "10.00"], ["bcdef", "1.00"]]).splitlines() == [
        "| name  |    ns |",
        "|-------|------:|",
        "| a     | 10.00 |",
        "| bcdef |  1.00 |",
    ]
