"""What the README says of the prover's results follows from these."""

from typing import Any

import headline
from catalogue import Activation

ALL = 2**32


def row(activation: str, worst: float, correct: float, **more: Any) -> dict[str, Any]:
    return {
        "activation": activation,
        "type": "f32",
        "quantity": "value",
        "worst_ulp": worst,
        "correctly_rounded": correct,
        "inputs": ALL,
        "undecided": 0,
        "date": "2026-11-25",
    } | more


def activation(name: str, kind: str = "elementwise") -> Activation:
    accuracy = {"hard_spots": [], "note": ""}
    return Activation(
        name, (), kind, "piecewise", "ReLU and its kin", "", "x", (), (), (), "keep", accuracy
    )


RESULTS = {
    "rows": [
        row("relu", 0.0, 1.0),
        row("softplus", 0.50824, 0.99),
        row("sin", 0.5, 0.9999, quantity="d/omega", inputs=ALL // 2, date="2026-11-29"),
        row("relu", 0.0, 1.0, type="f16", inputs=1 << 16),
        row("relu", 0.0, 1.0, type="bf16", inputs=1 << 16),
        row("relu", 1.4871, 0.999, type="f64", inputs=10**7),
    ]
}
MEASURED = [activation(name) for name in ("relu", "softplus", "sin")]


def test_the_headline_names_the_worst_of_all_and_what_is_not_whole() -> None:
    text = " ".join(headline.headline(RESULTS, MEASURED).split())
    assert "all 2^32 float32 inputs of 2 elementwise activations" in text
    assert "The worst error is 0.5082 units" in text
    assert "in the value of `softplus`." in text
    assert "`sin` was tried in part" in text
    assert "(1.487 ULP at most in float64, at default arguments)" in text
    assert "The bounds of rows and gated pairs are stated" in text


def test_the_headline_says_where_every_result_is_the_exact_one_rounded() -> None:
    rows = [row for row in RESULTS["rows"] if row["type"] != "f32"]
    exact = {"rows": [*rows, row("relu", 0.0, 1.0), row("softplus", 0.5, 1.0)]}
    text = " ".join(headline.headline(exact, MEASURED).split())
    assert text.startswith("- **The exact result, rounded once.**")
    assert "Every result is the float32 number nearest to the exact one" in text


def test_the_headline_names_what_was_not_measured() -> None:
    text = headline.headline(RESULTS, [*MEASURED, activation("clip"), activation("glu", "pairs")])
    assert "The bounds of `clip`, rows and gated pairs" in " ".join(text.split())


def test_the_table_has_a_row_for_each_type_and_says_when() -> None:
    lines = headline.table(RESULTS).splitlines()
    (f32,) = (line for line in lines if line.startswith("| float32 "))
    assert "| all 2^32, or a part | 0.5082 (`softplus` value), else 0.5 at most |" in f32
    assert "1 % (`softplus` value)" in f32
    (f16,) = (line for line in lines if line.startswith("| float16 "))
    assert f16.endswith("| 0 | none |")
    assert "2026-11-25 to 2026-11-29" in lines[0]
