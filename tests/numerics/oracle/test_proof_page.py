"""The page of the prover's results: what of them it says, and a plot whose texts stand apart."""

from dataclasses import replace

from svg_texts import misplaced

import accuracy_table
import proof_page
from catalogue import load
from test_catalogue_page import SWISH
from test_headline import MEASURED, RESULTS, activation, row


def test_the_short_table_names_shares_and_coverage() -> None:
    text = proof_page.short(RESULTS)
    (f32,) = (line for line in text.splitlines() if line.startswith("| float32 "))
    assert "0.5082 (`softplus` value), else 0.5 at most" in f32
    assert "was tried: `sin` 50 %." in text


def test_an_activation_has_a_row_for_each_type_with_the_worst_parameter() -> None:
    more = row("sin", 0.7, 0.5, quantity="d/phase")
    page = proof_page.page({"rows": [*RESULTS["rows"], more]}, MEASURED)
    assert "| `softplus` | 0.5082 (99 %) |  |  |  |" in page
    assert "| `sin` \N{DOUBLE DAGGER} |  |  |  | 0.7 (50 %) |" in page
    assert "| `relu` | 1.487 (99.9 %) |  |  |  |" in page


def test_what_was_not_measured_is_named() -> None:
    assert "## Stated alone" not in proof_page.page(RESULTS, MEASURED)
    page = proof_page.page(RESULTS, [*MEASURED, activation("clip")])
    assert "has not measured `clip` yet" in page


def test_an_absolute_bound_near_a_root_is_stated() -> None:
    noted = replace(SWISH, accuracy=SWISH.accuracy | {"note": "A reason"})
    page = proof_page.page(RESULTS, [noted])
    assert "- `swish`: A reason. In float64, f\N{PRIME} for beta x in [-1.5, -1] is within" in page


def test_no_text_of_the_plot_lies_over_another() -> None:
    assert misplaced(proof_page.plot(accuracy_table.load(), load())) == []
