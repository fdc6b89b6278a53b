from __future__ import annotations

import math
from pathlib import Path

import pytest
import report
from comparison import Comparison, Example, Peer, Subject
from ulp import Worst

SETTING = report.Setting(
    "./dev compare", "A processor, 2 CPUs", "2026-01-02", {"float32": 1000, "bfloat16": 65279}
)
PEERS = [
    Peer("PyTorch", "1.13.1", Path("nowhere")),
    Peer("oneDNN", "2.6.3", Path("nowhere")),
    Peer("JAX", None, Path("nowhere")),
]


def _comparison(
    quantity: str = "value", theirs: float = 2.0**24, element_type: str = "float32"
) -> Comparison:
    return Comparison(
        Subject("gelu", quantity, element_type),
        Worst(0.5, 1.0, 1.0, 1.0),
        {"PyTorch": Worst(theirs, -5.5, 0.0, -1e-7)},
        Example(-5.5, -1e-7, -1e-7, {"PyTorch": 0.0}),
    )


@pytest.mark.parametrize(
    ("ulp", "computed", "text"),
    [
        (0.5, 1.0, "0.50"),
        (9.99, 1.0, "9.99"),
        (99.6, 1.0, "100"),
        (9999.4, 1.0, "9999"),
        (2.0**24, 0.0, "1.7e7"),
        (math.inf, math.inf, "inf"),
        (math.inf, math.nan, "NaN"),
    ],
)
def test_errors_read_well(ulp: float, computed: float, text: str) -> None:
    assert report.ulp_text(Worst(ulp, 0.0, computed, 0.0)) == text


def test_the_table_tells_ours_and_theirs_and_where() -> None:
    text = report.whole([_comparison()], PEERS, SETTING)

    assert "| worst ULP | Rectifier |         PyTorch |" in text
    assert "| `gelu`    |      0.50 | 1.7e7 near -5.5 |" in text


def test_small_errors_have_no_place() -> None:
    text = report.whole([_comparison(theirs=0.9)], PEERS, SETTING)

    assert "|    0.90 |" in text


def test_the_header_names_what_is_absent() -> None:
    text = report.whole([_comparison()], PEERS, SETTING)

    assert "PyTorch 1.13.1, oneDNN 2.6.3, JAX absent." in text


def test_each_quantity_has_a_table_and_a_prime() -> None:
    text = report.whole([_comparison(), _comparison("second_derivative")], PEERS, SETTING)

    assert "**Value, float32**" in text
    assert "**Gradient, float32**" not in text
    assert "`gelu`\N{DOUBLE PRIME}" in text


def test_an_example_shows_what_everybody_makes_of_one_input() -> None:
    text = report.whole([_comparison()], PEERS, SETTING)

    (row,) = [line for line in text.splitlines() if "-1e-07" in line]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == ["`gelu`(-5.5)", "-1e-07", "-1e-07", "0", ""]


def test_each_element_type_has_its_tables_and_float32_the_examples() -> None:
    text = report.whole([_comparison(element_type="bfloat16")], PEERS, SETTING)

    assert "**Value, bfloat16**" in text
    assert "(-5.5)" not in text
