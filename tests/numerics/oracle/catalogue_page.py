"""core/activations/CATALOGUE.md: every activation with formula, parameters and bounds."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

from catalogue import ROOT, Activation, Parameter, by_family

PATH = ROOT / "core/activations/CATALOGUE.md"
HEAD = """\
# The catalogue

`./dev generate` writes this page from the entries in this folder; [README.md](README.md) explains
them. There are {count} activations. `rectifier describe NAME` prints all of an entry: conventions,
presets, source and every bound.
"""
HEADER = (
    "| activation | formula | parameters | quantities | worst ULP, f32 / f64 |",
    "|---|---|---|---|---|",
)
SHORT = {
    "value": "f",
    "gradient": "f\N{PRIME}",
    "second_derivative": "f\N{DOUBLE PRIME}",
    "parameter_gradient": "\N{PARTIAL DIFFERENTIAL}p",
}
EXPONENTS = {2: "\N{SUPERSCRIPT TWO}", 3: "\N{SUPERSCRIPT THREE}"}
LEGEND = """\
- *Quantities*: `f` is the value, `f\N{PRIME}` the gradient, `f\N{DOUBLE PRIME}` the second
  derivative. `\N{PARTIAL DIFFERENTIAL}p` are the gradients by the parameters that are *learnable*.
- *Worst ULP* is the bound of the worst quantity, in units in the last place of the exact result,
  in float32 and in float64. 0.5 is correct rounding.
  [How it is known](README.md#what-a-bound-means) differs. A figure is **bold** where every float32
  input was tried at default arguments; beside it stands the share of results that are correctly
  rounded, of the quantity that has the fewest.
- \N{CHECK MARK} means that formula and defaults were compared with what the source itself says.
- \N{DAGGER} means that next to an exact zero the float64 bound is absolute: see the
  [stated exceptions](../../tests/numerics/prove/RESULTS.md#stated-exceptions)."""


def page(activations: list[Activation]) -> str:
    """Markdown: one table per family."""
    blocks = [HEAD.format(count=len(activations)).rstrip(), LEGEND]
    for _, heading, members in by_family(activations):
        rows = [_row(member) for member in members]
        blocks.append("\n".join([f"## {heading}", "", *HEADER, *rows]))
    blocks += _variants(activations)
    return "\n\n".join(blocks) + "\n"


def write(activations: list[Activation], path: Path = PATH) -> None:
    path.write_text(page(activations))


def readable(formula: str) -> str:
    """The formula with conditional expressions for Piecewise, and raised exponents."""
    text = ast.unparse(_Conditional().visit(ast.parse(formula, mode="eval")))
    for exponent, raised in EXPONENTS.items():
        text = text.replace(f" ** {exponent}", raised)
    return text


class _Conditional(ast.NodeTransformer):
    """`a if condition else b` for Piecewise((a, condition), (b, True))."""

    def visit_Call(self, call: ast.Call) -> ast.expr:
        self.generic_visit(call)
        function = ast.unparse(call.func)
        if isinstance(call.args[0], ast.GeneratorExp):  # unparse would double its parentheses
            return ast.Name(function + ast.unparse(call.args[0]))
        if function != "Piecewise":
            return call
        *branches, last = [branch.elts for branch in call.args if isinstance(branch, ast.Tuple)]
        chosen = last[0]
        for value, condition in reversed(branches):
            chosen = ast.IfExp(condition, value, chosen)
        return chosen


def _row(activation: Activation) -> str:
    names = f"`{activation.name}`" + (" \N{CHECK MARK}" if activation.source_checked else "")
    if activation.aliases:
        names += "<br>" + ", ".join(activation.aliases)
    cells = [
        names,
        f"`{readable(activation.formula)}`",
        "<br>".join(map(_parameter, activation.parameters)),
        " ".join(SHORT[quantity] for quantity in activation.quantities),
        _worst(activation),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _parameter(parameter: Parameter) -> str:
    if parameter.type == "word":
        return f"`{parameter.name}` = " + " or ".join(parameter.words)
    if parameter.type == "seed":
        return f"`{parameter.name}` = none, or in {parameter.range_text}"
    if parameter.type == "mask":
        return f"`{parameter.name}`: a tensor"
    if parameter.type == "axes":
        return f"`{parameter.name}` = {parameter.default:.6g}, axes"
    learnable = ", *learnable*" if parameter.learnable else ""
    return f"`{parameter.name}` = {parameter.default:.6g} in {parameter.range_text}{learnable}"


def _worst(activation: Activation) -> str:
    mark = " \N{DAGGER}" if activation.accuracy["hard_spots"] else ""
    worst = [f"{_max_ulp(activation, element_type):g}" for element_type in ("float32", "float64")]
    if _is_proven(activation):
        shares = [bound["correctly_rounded"] for bound in _bounds(activation, "float32")]
        # Rounded down: 100 % is all of them.
        worst[0] = f"**{worst[0]}** ({math.floor(min(shares) * 1e4) / 100:g} %)"
    return " / ".join(worst) + mark


def _max_ulp(activation: Activation, element_type: str) -> float:
    return max(bound["max_ulp"] for bound in _bounds(activation, element_type))


def _is_proven(activation: Activation) -> bool:
    """Whether every float32 input was tried, for every quantity."""
    return all(bound["evidence"] == "exhaustive" for bound in _bounds(activation, "float32"))


def _bounds(activation: Activation, element_type: str) -> list[dict[str, Any]]:
    bounds = activation.accuracy["bounds"]
    return [bounds[quantity][element_type] for quantity in activation.quantities]


def _variants(activations: list[Activation]) -> list[str]:
    """What the names of the catalogue mean under a preset, where that is another activation."""
    rows = []
    for activation in activations:
        for variant in dict.fromkeys(activation.variants.values()):
            frameworks = [f for f, meant in activation.variants.items() if meant == variant]
            rows.append(f"| `{activation.name}` | {', '.join(frameworks)} | `{variant}` |")
        rows += [
            f"| `{name}` | {framework} | `{meant}` |"
            for name, framework, meant in activation.named_variants
        ]
    head = ["## Presets that mean another entry", "", "| name | under | means |", "|---|---|---|"]
    return ["\n".join([*head, *rows])] if rows else []
