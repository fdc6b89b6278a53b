"""What READMEs say of the prover's results follows from these."""

from typing import Any

import headline

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


def test_the_headline_names_the_worst_of_all_and_what_is_not_whole() -> None:
    text = " ".join(headline.headline(RESULTS).split())
    assert "worst of 3 elementwise activations is 0.5082 units" in text
    assert "in the value of `softplus`:" in text
    assert "`sin` are proven in part" in text
    assert "(1.487 ULP at most in float64, at default arguments)" in text


def test_the_figures_name_shares_dates_and_coverage() -> None:
    lines = headline.figures(RESULTS).splitlines()
    assert lines[0] == "At default arguments, 2026-11-25 to 2026-11-29:"
    f32 = next(line for line in lines if line.startswith("| f32 "))
    assert "0.5082 (`softplus` value), else 0.5 at most" in f32
    assert "1 % (`softplus` value)" in f32
    assert next(line for line in lines if line.startswith("| f16 ")).endswith("| 0 | none |")
    assert lines[-1] == "In part, of all float32 inputs: `sin` 50 %."
