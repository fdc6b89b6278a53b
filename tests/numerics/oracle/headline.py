"""What the README at the root says of accuracy, from the results of `./dev prove`."""

from __future__ import annotations

import textwrap

import marked_section

import findings
from accuracy_table import load
from catalogue import ROOT, Activation
from findings import Row, ulp

README = ROOT / "README.md"
RESULTS = "tests/numerics/prove/RESULTS.md"
WIDTH = 118


def headline(results: Row, activations: list[Activation]) -> str:
    """The claims of accuracy, and of what there is."""
    claims = [_accuracy(results, activations), _count(activations)]
    return "\n".join(
        textwrap.fill(
            " ".join(claim.split()), WIDTH, subsequent_indent="  ", break_on_hyphens=False
        )
        for claim in claims
    )


def _accuracy(results: Row, activations: list[Activation]) -> str:
    """How wrong a result can be, and how that is known."""
    f32, f64 = findings.of_type(results, "f32"), findings.of_type(results, "f64")
    measured = findings.names(f32)
    in_part = sorted(findings.covered(f32))
    unmeasured = sorted(_elementwise(activations) - set(measured))
    title, verdict = _verdict(f32)
    return f"""\
- **{title}.** `./dev prove` tried all 2^32 float32 inputs of {len(measured) - len(in_part)}
elementwise activations and of their derivatives, at default arguments, against references whose
own error is proven. {verdict} Tails and roots of derivatives are included, where
[others](tests/numerics/compare/RESULTS.md) lose every digit.
{_in_part(in_part)}{_halves(results)}float64 and other arguments are sampled
({max(map(ulp, f64)):.4g} ULP at most in float64, at default arguments). The bounds of
{_stated(unmeasured)}rows and gated pairs are stated, and held at golden points."""


def _verdict(f32: list[Row]) -> tuple[str, str]:
    """What was found, as a title and a sentence."""
    if not any(map(findings.share, f32)):
        return (
            "The exact result, rounded once",
            "Every result is the float32 number nearest to the exact one, ties to even.",
        )
    worst = max(f32, key=ulp)
    sentence = (
        f"The worst error is {ulp(worst):.4g} units in the last place (ULP; 0.5 is correct "
        f"rounding), in the {findings.quantity(worst)} of `{worst['activation']}`."
    )
    return "An error bound for every result, and how it is known", sentence


def _count(activations: list[Activation]) -> str:
    return f"""\
- **{len(activations)} activations**, from ReLU to softmax and gated units, in float64, float32,
float16 and bfloat16, with the conventions of PyTorch, JAX, Keras, TensorFlow and ONNX:
[catalogue](core/activations/CATALOGUE.md)."""


def table(results: Row) -> str:
    """A row for each element type."""
    in_part = ", or a part" if findings.covered(findings.of_type(results, "f32")) else ""
    return "\n".join(
        [
            f"`./dev prove` at default arguments, {findings.dates(results)} ([all]({RESULTS})):",
            "",
            "| type | inputs | worst errors, ULP | results that are not correctly rounded |",
            "|---|---|---|---|",
            *findings.table_rows(results, f"all 2^32{in_part}", "10^7 at least: a sample", most=1),
        ]
    )


def rewritten(readme: str, results: Row, activations: list[Activation]) -> str:
    """The README as it ought to be."""
    text = marked_section.replaced(readme, "headline", headline(results, activations))
    return marked_section.replaced(text, "accuracy", table(results))


def write(activations: list[Activation]) -> None:
    README.write_text(rewritten(README.read_text(), load(), activations))


def _elementwise(activations: list[Activation]) -> set[str]:
    return {activation.name for activation in activations if activation.kind == "elementwise"}


def _in_part(activations: list[str]) -> str:
    if not activations:
        return ""
    verb = "was" if len(activations) == 1 else "were"
    return f"{findings.listed(activations)} {verb} tried in part, and sampled elsewhere. "


def _halves(results: Row) -> str:
    rows = [*findings.of_type(results, "f16"), *findings.of_type(results, "bf16")]
    if any(map(findings.share, rows)) or not all(map(findings.is_whole, rows)):
        return ""
    return "In float16 and bfloat16, too, all of these are correctly rounded, for every input. "


def _stated(activations: list[str]) -> str:
    return f"{', '.join(f'`{name}`' for name in activations)}, " if activations else ""
