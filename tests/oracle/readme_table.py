"""The catalogue's table in README.md, between the two markers."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

from catalogue import ROOT, Activation, Parameter, by_family

README = ROOT / "README.md"
BEGIN = "<!-- catalogue:begin -->"
END = "<!-- catalogue:end -->"
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
LEGEND = (
    "`f` value, `f\N{PRIME}` gradient, `f\N{DOUBLE PRIME}` second derivative,"
    " `\N{PARTIAL DIFFERENTIAL}p` parameter gradients; *learnable* parameters have one."
    " ULP: the worst error of any quantity, in units in the last place of the exact result."
    " \N{CHECK MARK}: formula and defaults were compared with what the source itself says."
)
PROVEN = (
    " **Bold**: every input was tried; in brackets, the share of float32 results that are correctly"
    " rounded, of the quantity that has the fewest."
)


def table(activations: list[Activation]) -> str:
    """Markdown: one table per family."""
    blocks = [LEGEND + (PROVEN if any(map(_is_proven, activations)) else "")]
    for heading, members in by_family(activations):
        rows = [_row(member) for member in members]
        blocks.append("\n".join([f"**{heading}**", "", *HEADER, *rows]))
    blocks += _variants(activations)
    blocks += _notes(activations)
    return "\n\n".join(blocks) + "\n"


def rewritten(readme: str, activations: list[Activation]) -> str:
    """The README with the table that the catalogue gives."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n{table(activations)}{END}{after}"


def write(activations: list[Activation], path: Path = README) -> None:
    path.write_text(rewritten(path.read_text(), activations))


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
    meanings = []
    for activation in activations:
        for variant in dict.fromkeys(activation.variants.values()):
            frameworks = [f for f, meant in activation.variants.items() if meant == variant]
            meanings.append(f"`{activation.name}` is `{variant}` under {', '.join(frameworks)}.")
        meanings += [
            f"`{name}` is `{meant}` under {framework}."
            for name, framework, meant in activation.named_variants
        ]
    return ["Presets that mean another entry: " + " ".join(meanings)] if meanings else []


def _notes(activations: list[Activation]) -> list[str]:
    """Why a bound is worse than the rest, and where an exact zero makes it absolute."""
    lines = []
    for activation in activations:
        spots = [_hard_spot(activation, spot) for spot in activation.accuracy["hard_spots"]]
        note = [activation.accuracy["note"]] if activation.accuracy["note"] else []
        if spots or note:
            lines.append(f"- `{activation.name}`: " + " ".join([*note, *spots]))
    return (
        [
            "\n".join(
                ["Exceptions (\N{DAGGER}: near an exact zero the bound is absolute):", "", *lines]
            )
        ]
        if lines
        else []
    )


def _hard_spot(activation: Activation, spot: dict[str, Any]) -> str:
    variable = "gate" if activation.kind == "pairs" else "x"
    place = f"{spot['times']} {variable}" if spot["times"] else variable
    where = f"for {place} in [{spot['low']:g}, {spot['high']:g}]"
    error = f"{spot['absolute_error']:g}"
    return f"In f64, {SHORT[spot['quantity']]} {where} is within {error} (absolute)."
