"""Golden files: exact results of one activation, in the format that README.md describes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sympy
from mpmath import mpf

import philox
import points
from ball import Ball, Undefined, rational
from catalogue import ORACLE, Activation, Parameter
from exact import Exact, result_at
from formula import Evaluator, compile_expression, differentiate, kinks, parse
from points import RowCase, around, row_cases, sorted_points
from rows import RowFormula

DIRECTORY = ORACLE / "golden"


def path_of(activation: Activation, directory: Path = DIRECTORY) -> Path:
    return directory / f"{activation.name}.txt"


def text_of(activation: Activation) -> str:
    """The golden file; the same bytes for the same catalogue entry, wherever it is made."""
    lines = [
        f"# {activation.name}: exact results, written by tests/numerics/oracle/generate.py",
        f"# formula {activation.formula}",
        *_BLOCKS[activation.kind](activation),
    ]
    return "".join(line + "\n" for line in lines)


@dataclass(frozen=True)
class Column:
    """One quantity of an elementwise or pairs activation."""

    name: str
    expression: sympy.Expr
    evaluate: Evaluator  # of the variables and then the arguments
    parameters: tuple[Parameter, ...]

    def at(self, arguments: Sequence[float]) -> Evaluator:
        """The quantity as a function of the variables, for arguments as their parameters mean them.

        An infinite argument is a bound that no number reaches, and no limit.
        """
        pairs = list(zip(self.parameters, arguments, strict=True))
        return lambda *variables: self.evaluate(*variables, *(_meaning(p, a) for p, a in pairs))


def _meaning(parameter: Parameter, argument: float) -> Ball:
    n = parameter.whole_reciprocal(argument)
    return Ball(mpf(argument)) if n is None else rational(1, n)


def columns(activation: Activation) -> list[Column]:
    """The quantities that the activation offers."""
    symbols = symbols_of(activation)
    formula = parse(activation.formula, symbols)
    if activation.kind == "pairs":
        expressions = {"result": formula}
        expressions |= {f"d/{name}": differentiate(formula, name) for name in ("gate", "value")}
    else:
        expressions = {"value": formula, "gradient": differentiate(formula, "x")}
        if "second_derivative" in activation.quantities:
            expressions["second_derivative"] = differentiate(formula, "x", "x")
        learnable = [p.name for p in activation.numbers if p.learnable]
        expressions |= {f"d/{name}": differentiate(formula, name) for name in learnable}
    return [
        Column(name, expression, compile_expression(expression, symbols), activation.numbers)
        for name, expression in expressions.items()
    ]


def symbols_of(activation: Activation) -> list[str]:
    variables = ["gate", "value"] if activation.kind == "pairs" else ["x"]
    return [*variables, *(p.name for p in activation.numbers)]


def given(number: float) -> str:
    """A double in hexadecimal, as C's strtod reads it."""
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    mantissa, exponent = float(number).hex().split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").removesuffix(".")
    return f"{mantissa}p{exponent}"


def exact(result: Exact | None) -> str:
    if result is None:
        return "?"
    residual = f"{result.residual:.4f}"
    suffix = "" if float(residual) == 0 else f":{residual}"
    return given(result.nearest) + suffix


def _elementwise_blocks(activation: Activation) -> Iterator[str]:
    quantities = columns(activation)
    formula = quantities[0].expression
    for index, arguments in enumerate(points.argument_sets(activation)):
        numbers = list(arguments.values())
        grid = points.coarse() if index else points.dense()
        grid += around(kinks(formula, "x", arguments))
        for quantity in quantities:
            grid += around(points.roots(quantity.at(numbers)))
        yield " ".join(["arguments", *_assignments(arguments)])
        yield " ".join(["columns", "x", *(quantity.name for quantity in quantities)])
        for x in sorted_points(grid):
            yield _row([x], [result_at(q.at(numbers), [x]) for q in quantities])


def _pair_blocks(activation: Activation) -> Iterator[str]:
    quantities = columns(activation)
    for arguments in points.argument_sets(activation):
        numbers = list(arguments.values())
        bends = kinks(quantities[0].expression, "gate", arguments)
        if arguments:
            yield " ".join(["arguments", *_assignments(arguments)])
        yield " ".join(["columns", "gate", "value", *(quantity.name for quantity in quantities)])
        for point in points.pair_points(bends):
            yield _row(point, [result_at(q.at(numbers), point) for q in quantities])


def _row_blocks(activation: Activation) -> Iterator[str]:
    parameters = [p.name for p in activation.numbers]

    @cache
    def formula(length: int, draws: tuple[float, ...], bias: tuple[float, ...] = ()) -> RowFormula:
        return RowFormula(activation.formula, activation.row_shape, length, parameters, draws, bias)

    for case in row_cases(activation):
        try:
            yield from _row_case(activation, case, formula)
        except Undefined:  # nothing was yielded: an exponential of infinity, say
            continue


def _row_case(
    activation: Activation,
    case: RowCase,
    formula: Callable[..., RowFormula],
) -> Iterator[str]:
    """A row from which elements are left out is the row of the others, and a gradient of 0.

    The value of what is left out is what it would be at an infinity.
    """
    keeps = activation.row_shape == "keep"
    draws = _draws(activation, case)
    rest = case.kept(case.x)
    upstream = case.kept(case.upstream) if keeps else case.upstream
    kept_draws = case.kept(draws) if draws else ()
    result = formula(len(rest), kept_draws, case.bias or ()).evaluate(
        RowCase(rest, upstream, case.arguments)
    )
    value, gradient = result.value, result.gradient
    whole = formula(len(case.x), draws) if case.mask and keeps else None
    others = _at_an_infinity(whole, case) if whole else []
    yield "case"
    given_arguments = {**case.arguments}
    if case.seed is not None:
        given_arguments |= {"seed": float(case.seed), "offset": float(case.offset)}
    if given_arguments:
        yield " ".join(["arguments", *_assignments(given_arguments)])
    if case.mask:
        yield " ".join(["mask", *map(str, case.mask)])
        gradient = _spread(gradient, case.mask, [Exact(0.0)] * len(case.mask))
        if keeps:
            value = _spread(value, case.mask, others)
    if case.bias:
        yield " ".join(["bias", *map(given, case.bias)])
    yield " ".join(["x", *map(given, case.x)])
    yield " ".join(["upstream", *map(given, case.upstream)])
    yield " ".join(["value", *map(exact, value)])
    yield " ".join(["gradient", *map(exact, gradient)])
    for parameter in activation.numbers:
        if parameter.learnable and parameter.name in result.by_parameter:
            yield f"d/{parameter.name} {exact(result.by_parameter[parameter.name])}"


def _draws(activation: Activation, case: RowCase) -> tuple[float, ...]:
    if not activation.is_random:
        return ()
    if case.seed is None:
        return tuple(0.5 for _ in case.x)
    return tuple(philox.inner_uniform(case.seed, case.offset + i) for i in range(len(case.x)))


def _at_an_infinity(formula: RowFormula, case: RowCase) -> list[Exact]:
    """The values where what is left out is -infinity or, if there are none, infinity."""
    for infinity in (-math.inf, math.inf):
        x = [x if keep else infinity for x, keep in zip(case.x, case.mask or (), strict=True)]
        try:
            return formula.value(x, case.arguments)
        except Undefined:
            continue
    raise Undefined("what is left out has no value")


def _spread(kept: Sequence[Exact], mask: Sequence[int], others: Sequence[Exact]) -> list[Exact]:
    """`kept` where the mask is 1, and `others` where it is 0."""
    supply = iter(kept)
    return [next(supply) if keep else other for keep, other in zip(mask, others, strict=True)]


def _assignments(arguments: Mapping[str, float]) -> list[str]:
    return [f"{name}={given(number)}" for name, number in arguments.items()]


def _row(point: Sequence[float], results: Sequence[Exact | None]) -> str:
    return " ".join([*map(given, point), *map(exact, results)])


_BLOCKS = {"elementwise": _elementwise_blocks, "pairs": _pair_blocks, "rows": _row_blocks}
