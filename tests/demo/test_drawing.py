"""Bars and tables."""

import numpy as np
from drawing import bar, histogram_line, table


def test_a_bar_is_as_long_as_its_fraction() -> None:
    assert bar(0, 4) == ""
    assert bar(0.5, 4) == "██"
    assert bar(1, 4) == "████"
    assert bar(0.625, 1) == "▋"


def test_a_bar_of_very_little_still_shows() -> None:
    assert bar(1e-9, 4) == "▏"


def test_a_histogram_line_shows_where_values_are() -> None:
    assert histogram_line(np.array([0, 0, 0, 0, 3], np.float32), 3) == "█ ▄"


def test_a_table_aligns_its_columns() -> None:
    assert table(("a", "bc"), [("ddd", "1")]) == "  a     bc\n  ────────\n  ddd    1"
