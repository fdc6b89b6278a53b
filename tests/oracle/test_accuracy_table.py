"""The table of accuracies: how rows of results become bounds."""

from pathlib import Path
from typing import Any

import pytest

from accuracy_table import FINITE, header, load, rounded_up

GELU = {
    "activation": "gelu",
    "arguments": {},
    "quantity": "value",
    "type": "float32",
    "worst_ulp": 0.50012,
    "correctly_rounded": 0.9997,
    "inputs": FINITE["float32"],
}


def rows(*results: dict[str, Any]) -> list[str]:
    """The table's rows, without indent."""
    lines = header({"results": list(results)}).splitlines()
    begin = next(i for i, line in enumerate(lines) if "kAccuracyTable" in line)
    return [line.strip() for line in lines[begin + 1 : lines.index("}};")]]


@pytest.mark.parametrize(
    ("ulp", "bound"), [(0.5, 0.5), (0.50001, 0.501), (1.999, 2.0), (11.61, 11.7), (0.0, 0.0)]
)
def test_bounds_are_rounded_up(ulp: float, bound: float) -> None:
    assert rounded_up(ulp) == bound


def test_a_row_says_what_was_found() -> None:
    (row,) = rows(GELU)
    assert row.startswith('{"gelu", Quantity::kValue, ElementType::kFloat32,')
    assert row.endswith("{0.501, Evidence::kExhaustive, 0.9997}},")


def test_what_left_inputs_out_is_a_sample() -> None:
    (row,) = rows(GELU | {"inputs": 1000})
    assert "kSampled" in row
    (row,) = rows(GELU | {"type": "float64"})
    assert "kSampled" in row


def test_a_bound_holds_for_all_arguments_and_parameters_tried() -> None:
    beta = GELU | {"activation": "swish", "quantity": "d/beta"}
    worse = beta | {"arguments": {"beta": 2}, "worst_ulp": 0.7, "correctly_rounded": 0.98}
    (row,) = rows(beta, worse)
    assert "kParameterGradient" in row
    assert "{0.7, Evidence::kExhaustive, 0.98}" in row


def test_rows_are_sorted_as_the_search_expects() -> None:
    half = GELU | {"type": "float16"}
    gradient = GELU | {"quantity": "gradient"}
    celu = GELU | {"activation": "celu"}
    assert rows(gradient, half, GELU, celu) == rows(celu) + rows(GELU) + rows(half) + rows(gradient)


def test_without_results_the_table_is_empty(tmp_path: Path) -> None:
    assert load(tmp_path / "absent.json") == {"results": []}
    assert "std::array<AccuracyRow, 0>" in header({"results": []})
