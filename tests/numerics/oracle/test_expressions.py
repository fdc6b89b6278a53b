"""The rewriting must not change a function, and the notation must say what it says."""

import pytest
import sympy

from expressions import (
    Logistic,
    RootShare,
    RootSum,
    Softplus,
    Tanh,
    factored,
    postfix,
    rewrite,
)
from formula import FormulaError, differentiate, parse

DEFINITIONS = {
    Logistic: lambda u: 1 / (1 + sympy.exp(-u)),
    Softplus: lambda u: sympy.log(1 + sympy.exp(u)),
    Tanh: sympy.tanh,
    RootSum: lambda u, b: u + sympy.sqrt(u**2 + b),
    RootShare: lambda u, b: 1 + u / sympy.sqrt(u**2 + b),
}


def _defined(expression: sympy.Expr) -> sympy.Expr:
    for function, definition in DEFINITIONS.items():
        expression = expression.replace(function, definition)
    return expression


@pytest.mark.parametrize(
    ("formula", "rewritten"),
    [
        ("x/(1 + exp(-x))", "$x $x logistic *"),
        ("log(1 + exp(b*x))/b", "$b -1 pow $b $x * softplus *"),
        ("x*tanh(log(1 + exp(x)))", "$x $x softplus tanh *"),
        ("log(cosh(x))", "$x -1 2 log * + -2 $x * softplus +"),
        ("(x + sqrt(x**2 + b))/2", "1/2 $x $b rootsum *"),
        ("exp(x)/(1 + exp(x))", "$x logistic"),
        ("x/sqrt(1 + b*x**2)", "$x 1 $b $x 2 pow * + -1/2 pow *"),
        ("Piecewise((1, x > b), (0, True))", "1 $b $x < 0 true piecewise:2"),
        ("0.1*x", "1/10 $x *"),
    ],
)
def test_formulas_are_rewritten(formula: str, rewritten: str) -> None:
    assert postfix(rewrite(parse(formula, ["x", "b"]))) == rewritten


@pytest.mark.parametrize(
    "formula",
    [
        "x/(1 + exp(-b*x))",
        "x*tanh(log(1 + exp(x)))",
        "log(cosh(x))",
        "(x + sqrt(x**2 + b))/2",
        "x/sqrt(1 + b*x**2)",
        "Piecewise((x/(1 + x), x >= 0), (x/(1 - x), True))",
    ],
)
@pytest.mark.parametrize("by", [(), ("x",), ("x", "x"), ("b",)])
def test_derivatives_are_the_same(formula: str, by: tuple[str, ...]) -> None:
    plain = differentiate(parse(formula, ["x", "b"]), *by)
    rewritten = factored(differentiate(rewrite(parse(formula, ["x", "b"])), *by))
    for x in (-3, sympy.Rational(1, 3), 2):
        at = {sympy.Symbol("x", real=True): x, sympy.Symbol("b", real=True): sympy.Rational(5, 4)}
        difference = (_defined(rewritten) - plain).subs(at)
        assert abs(sympy.N(difference, 30)) < 1e-25


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(FormulaError, match="no word"):
        postfix(sympy.gamma(sympy.Symbol("x")))
