"""The page of the catalogue: what a row says."""

from dataclasses import replace
from typing import Any

import pytest

from catalogue import Activation, Parameter
from catalogue_page import page, readable


def bounds(float32: float, evidence: str = "stated", share: float | None = None) -> dict[str, Any]:
    ulp = {"float64": 2.0, "float32": float32, "float16": 0.5, "bfloat16": 0.5}
    return {
        name: {"max_ulp": most, "evidence": evidence, "correctly_rounded": share}
        for name, most in ulp.items()
    }


SWISH = Activation(
    name="swish",
    aliases=("silu_beta",),
    kind="elementwise",
    family="self_gated",
    heading="Self-gated",
    summary="",
    formula="x/(1 + exp(-beta*x))",
    parameters=(
        Parameter("beta", "number", 1.0, "(0, inf)", 0.0, float("inf"), True, True, (), True, ""),
    ),
    variants={"jax": "swish_jax", "keras": "swish_jax"},
    quantities=("value", "gradient", "parameter_gradient"),
    special_values=(),
    row_shape="keep",
    source_checked=True,
    accuracy={
        "bounds": {
            "value": bounds(0.51),
            "gradient": bounds(0.75),
            "parameter_gradient": bounds(0.51),
        },
        "hard_spots": [
            {
                "quantity": "gradient",
                "low": -1.5,
                "high": -1.0,
                "absolute_error": 1e-16,
                "times": "beta",
            }
        ],
        "note": "",
    },
)


def test_a_row_names_aliases_parameters_quantities_and_the_worst_bound() -> None:
    text = page([SWISH])
    assert "| `swish` \N{CHECK MARK}<br>silu_beta | `x / (1 + exp(-beta * x))` |" in text
    assert "`beta` = 1 in (0, inf), *learnable*" in text
    assert "| f f\N{PRIME} \N{PARTIAL DIFFERENTIAL}p | 0.75 / 2" in text


def test_a_bound_for_all_inputs_stands_out() -> None:
    found = {
        "value": bounds(0.501, "exhaustive", 1.0),
        "gradient": bounds(0.502, "exhaustive", 0.999987),
        "parameter_gradient": bounds(0.5, "exhaustive", 1.0),
    }
    proven = replace(SWISH, accuracy=SWISH.accuracy | {"bounds": found})
    assert "| **0.502** (99.99 %) / 2" in page([proven])
    partly = found | {"gradient": bounds(0.502, "sampled", 1.0)}
    sampled = replace(SWISH, accuracy=SWISH.accuracy | {"bounds": partly})
    assert "| 0.502 / 2" in page([sampled])


def test_the_table_says_what_a_preset_means() -> None:
    assert "| `swish` | jax, keras | `swish_jax` |" in page([SWISH])


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("Piecewise((x, x > 0), (a*x, True))", "x if x > 0 else a * x"),
        (
            "2*Piecewise((0, x <= 0), (6, x >= 6), (x, True))",
            "2 * (0 if x <= 0 else 6 if x >= 6 else x)",
        ),
        ("x**2 + sum(exp(t) for t in x)", "x\N{SUPERSCRIPT TWO} + sum(exp(t) for t in x)"),
        ("Max(*x)", "Max(*x)"),
    ],
)
def test_a_formula_reads_like_a_sentence(formula: str, text: str) -> None:
    assert readable(formula) == text


def test_a_hard_spot_is_marked() -> None:
    assert "| 0.75 / 2 \N{DAGGER} |" in page([SWISH])


def test_each_family_has_its_heading() -> None:
    assert "\n## Self-gated\n" in page([SWISH])
