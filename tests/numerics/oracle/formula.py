"""Formulas in SymPy syntax: parsed, differentiated symbolically, compiled to Ball arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.printing.lambdarepr import LambdaPrinter

import ball
from ball import Ball

Evaluator = Callable[..., Ball]

NAMESPACE: dict[str, Any] = {
    **ball.FUNCTIONS,
    "sign": ball.sign,
    "rational": ball.rational,
    "pi": ball.pi,
    "max": ball.largest,
    "min": ball.smallest,
}


class FormulaError(ValueError):
    """A formula that the oracle cannot take as a definition."""


class Erfc(sympy.Function):
    """erfc as it is written: SymPy turns erfc(-x) into 2 - erfc(x), which cancels for x > 0."""

    def fdiff(self, _: int = 1) -> sympy.Expr:
        (x,) = self.args
        return -2 * sympy.exp(-sympy.Pow(x, 2)) / sympy.sqrt(sympy.pi)


class _BallPrinter(LambdaPrinter):
    """Python source that keeps constants exact: Python would round 1/3 and pi to doubles."""

    def _print_Rational(self, number: sympy.Rational) -> str:  # noqa: N802
        return f"rational({number.p}, {number.q})"

    def _print_Half(self, number: sympy.Rational) -> str:  # noqa: N802
        return self._print_Rational(number)

    def _print_Pi(self, _: sympy.Expr) -> str:  # noqa: N802
        return "pi()"

    def _print_sign(self, sign: sympy.sign) -> str:
        return f"sign({self._print(sign.args[0])})"

    def _print_Erfc(self, erfc: Erfc) -> str:  # noqa: N802
        return f"erfc({self._print(erfc.args[0])})"

    def _print_Exp1(self, _: sympy.Expr) -> str:  # noqa: N802
        return "exp(1)"


def parse(formula: str, symbols: Sequence[str]) -> sympy.Expr:
    """The expression in these real symbols. Decimals are exact: 0.1 is a tenth, not a double."""
    known = {name: sympy.Symbol(name, real=True) for name in symbols}
    expression = sympy.sympify(formula, locals={"erfc": Erfc, **known}, rational=True)
    unknown = expression.free_symbols - set(known.values())
    if unknown:
        raise FormulaError(f"{formula}: no parameter is called {sorted(map(str, unknown))}")
    if expression.has(sympy.Heaviside, sympy.Max, sympy.Min):
        raise FormulaError(f"{formula}: only a Piecewise says which branch holds a kink")
    return expression


def differentiate(expression: sympy.Expr, *symbols: str) -> sympy.Expr:
    """The derivative, branch by branch; the impulses at jumps are left out."""
    for name in symbols:
        expression = sympy.diff(expression, sympy.Symbol(name, real=True))
        expression = expression.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
    if expression.has(sympy.Derivative, sympy.Subs):
        raise FormulaError(f"SymPy leaves a derivative open: {expression}")
    return expression


def kinks(expression: sympy.Expr, symbol: str, arguments: Mapping[str, float]) -> list[float]:
    """Where a branch of a Piecewise ends or an absolute value bends, in ascending order."""
    x = sympy.Symbol(symbol, real=True)
    borders = {atom.lhs - atom.rhs for atom in expression.atoms(Relational)}
    borders |= {atom.args[0] for atom in expression.atoms(sympy.Abs, sympy.sign)}
    found: set[float] = set()
    for border in borders:
        used = {k: v for k, v in arguments.items() if border.has(sympy.Symbol(k, real=True))}
        if any(map(math.isinf, used.values())):
            continue  # a bound that is not there
        at = border.subs({sympy.Symbol(k, real=True): sympy.Rational(v) for k, v in used.items()})
        try:
            found |= {float(root) for root in sympy.solve(at, x) if root.is_real}
        except NotImplementedError:
            continue  # a transcendental border: gelu(x) = 10 is met by the grid at x = 10
    return sorted(found)


def compile_expression(expression: sympy.Expr, symbols: Sequence[str]) -> Evaluator:
    """A function of Balls, in the order of `symbols`."""
    function = sympy.lambdify(
        [sympy.Symbol(name, real=True) for name in symbols],
        expression,
        modules=[NAMESPACE],
        printer=_BallPrinter({"fully_qualified_modules": False, "inline": True}),
    )
    return lambda *arguments: Ball.of(function(*arguments))


@cache
def derivative_of(function: str) -> Evaluator:
    """The derivative of one of ball.FUNCTIONS, as SymPy has it."""
    x = sympy.Symbol("x", real=True)
    return compile_expression(sympy.diff(getattr(sympy, function)(x), x), ["x"])
