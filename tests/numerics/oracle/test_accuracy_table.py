"""The table of accuracies: how rows of results become bounds."""

from pathlib import Path
from typing import Any

import pytest

from accuracy_table import FINITE, bound_of, header, load

GELU = {
    "activation": "gelu",
    "arguments": "",
    "quantity": "value",
    "type": "f32",
    "worst_ulp": 0.50012,
    "correctly_rounded": 0.9997,
    "inputs": FINITE["f32"],
    "undecided": 0,
}


def rows(*results: dict[str, Any]) -> list[str]:
    """The table's rows, without indent."""
    lines = header({"rows": list(results)}).splitlines()
    begin = next(i for i, line in enumerate(lines) if "kAccuracyTable" in line)
    return [line.strip() for line in lines[begin + 1 : lines.index("}};")]]


@pytest.mark.parametrize(
    ("worst", "bound"), [(0.5, 0.501), (0.501, 0.502), (1.9899, 1.99), (11.61, 11.7)]
)
def test_bounds_are_rounded_up(worst: float, bound: float) -> None:
    assert bound_of(worst, 0.999) == bound


def test_correct_rounding_is_stated_as_such() -> None:
    assert bound_of(0.5, 1.0) == 0.5
    assert bound_of(0.4997, 1.0) == 0.5


def test_no_bound_is_stated_for_a_wrong_result() -> None:
    with pytest.raises(ValueError, match="gelu"):
        rows(GELU | {"worst_ulp": "inf"})


def test_a_row_says_what_was_found() -> None:
    (row,) = rows(GELU)
    assert row.startswith('{"gelu", Quantity::kValue, ElementType::kFloat32,')
    assert row.endswith("{0.501, Evidence::kExhaustive, 0.9997}},")


def test_what_left_inputs_out_is_a_sample() -> None:
    (row,) = rows(GELU | {"inputs": 1000})
    assert "kSampled" in row
    (row,) = rows(GELU | {"undecided": 1})
    assert "kSampled" in row
    (row,) = rows(GELU | {"type": "f64"})
    assert "kSampled" in row


def test_a_bound_holds_for_all_arguments_and_parameters_tried() -> None:
    beta = GELU | {"activation": "swish", "quantity": "d/beta"}
    worse = beta | {"arguments": "beta=2", "worst_ulp": 0.7, "correctly_rounded": 0.98}
    (row,) = rows(beta, worse)
    assert "kParameterGradient" in row
    assert "{0.701, Evidence::kExhaustive, 0.98}" in row


def test_rows_are_sorted_as_the_search_expects() -> None:
    half = GELU | {"type": "f16"}
    gradient = GELU | {"quantity": "gradient"}
    celu = GELU | {"activation": "celu"}
    assert rows(gradient, half, GELU, celu) == rows(celu) + rows(GELU) + rows(half) + rows(gradient)


def test_without_results_the_table_is_empty(tmp_path: Path) -> None:
    assert load(tmp_path / "absent.json") == {"rows": []}
    assert "std::array<AccuracyRow, 0>" in header({"rows": []})
