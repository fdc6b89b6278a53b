"""expressions.txt: every elementwise quantity as an expression, for the prover in C++.

The prover (tests/numerics/prove) knows no formula but these. They are the catalogue's,
differentiated by SymPy and written in postfix notation, which README.md describes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy

from catalogue import ORACLE, Activation
from formula import Erfc, FormulaError, differentiate, parse

PATH = ORACLE / "expressions.txt"
HEADER = (
    "# Every elementwise quantity in postfix notation, written by tests/numerics/oracle/generate.py"
)


class Logistic(sympy.Function):
    """1/(1 + exp(-u)), whose derivative does not cancel where it saturates."""

    def fdiff(self, _: int = 1) -> sympy.Expr:
        u: Any = self.args[0]
        return Logistic(u) * Logistic(-u)


class Softplus(sympy.Function):
    """log(1 + exp(u))."""

    def fdiff(self, _: int = 1) -> sympy.Expr:
        return Logistic(self.args[0])


class Tanh(sympy.Function):
    """tanh, whose derivative as SymPy has it, 1 - tanh**2, cancels."""

    def fdiff(self, _: int = 1) -> sympy.Expr:
        u: Any = self.args[0]
        return 4 * Logistic(2 * u) * Logistic(-2 * u)


class RootSum(sympy.Function):
    """u + sqrt(u**2 + b), which cancels for u < 0 as it is written."""

    def fdiff(self, index: int = 1) -> sympy.Expr:
        arguments: Any = self.args
        u, b = arguments
        return RootShare(u, b) if index == 1 else 1 / (2 * sympy.sqrt(u**2 + b))


class RootShare(sympy.Function):
    """1 + u/sqrt(u**2 + b)."""

    def fdiff(self, index: int = 1) -> sympy.Expr:
        arguments: Any = self.args
        u, b = arguments
        slope = (u**2 + b) ** sympy.Rational(-3, 2)
        return b * slope if index == 1 else -u * slope / 2


CONSTANTS = {sympy.pi: ["pi"], sympy.true: ["true"], sympy.false: ["true", "not"]}
FOLDED: dict[Any, str] = {sympy.Add: "+", sympy.Mul: "*", sympy.And: "and", sympy.Or: "or"}
APPLIED: dict[Any, str] = {
    sympy.Pow: "pow",
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.erf: "erf",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.atan: "atan",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.Abs: "abs",
    sympy.sign: "sign",
    Erfc: "erfc",
    Logistic: "logistic",
    Softplus: "softplus",
    Tanh: "tanh",
    RootSum: "rootsum",
    RootShare: "rootshare",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "<=",
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: ">=",
    sympy.Equality: "==",
    sympy.Unequality: "!=",
    sympy.Not: "not",
}


def text_of(activations: Sequence[Activation]) -> str:
    lines = [HEADER]
    for activation in activations:
        if activation.kind == "elementwise":
            lines += _lines_of(activation)
    return "".join(line + "\n" for line in lines)


def write(activations: Sequence[Activation]) -> None:
    PATH.write_text(text_of(activations))


def _lines_of(activation: Activation) -> Iterator[str]:
    symbols = ["x", *(parameter.name for parameter in activation.numbers)]
    formula = rewrite(parse(activation.formula, symbols))
    yield f"activation {activation.name}"
    marks = {p.name: ":reciprocal" for p in activation.numbers if p.reciprocal}
    yield " ".join(["symbols", *(name + marks.get(name, "") for name in symbols)])
    quantities = {"value": (), "gradient": ("x",), "second_derivative": ("x", "x")}
    learnable = [parameter.name for parameter in activation.numbers if parameter.learnable]
    quantities |= {f"d/{name}": (name,) for name in learnable}
    for quantity, by in quantities.items():
        yield f"{quantity} {postfix(factored(differentiate(formula, *by)))}"


def rewrite(formula: sympy.Expr) -> sympy.Expr:
    """The same function in terms that neither cancel nor overflow far out.

    No proof rests on it: any form would do at a point. These enclose whole intervals tightly,
    where the difference of two large numbers, or a quotient of them, encloses nothing.
    """
    u = sympy.Wild("u")
    formula = formula.replace(sympy.tanh, Tanh)
    formula = formula.replace(
        sympy.log(sympy.cosh(u)), lambda u: u + Softplus(-2 * u) - sympy.log(2)
    )
    formula = formula.replace(sympy.log(1 + sympy.exp(u)), lambda u: Softplus(u))
    formula = formula.replace(
        lambda e: e.is_Pow and e.exp.is_negative and _exponent(e.base) is not None,
        lambda e: Logistic(-_exponent(e.base)) ** -e.exp,
    )
    formula = formula.replace(sympy.exp(u) * Logistic(-u), lambda u: Logistic(u))
    return formula.replace(lambda e: _root_sum(e) is not None, _root_sum)


def _root_sum(total: Any) -> sympy.Expr | None:
    """c (u + sqrt(u**2 + b)) as a RootSum, where b does not depend on x."""
    for term in total.args if total.is_Add else ():
        factor, root = term.as_coeff_Mul()
        if root.is_Pow and root.exp == sympy.Rational(1, 2):
            u = (total - term) / factor
            b = sympy.expand(root.base - u**2)
            if not b.has(sympy.Symbol("x", real=True)):
                return factor * RootSum(u, b)
    return None


def _exponent(base: Any) -> Any:
    """The u of 1 + exp(u)."""
    rest = base - 1
    return rest.args[0] if isinstance(rest, sympy.exp) else None


def factored(expression: Any) -> sympy.Expr:
    """With algebraic parts, whose terms would cancel far out, as products."""
    if isinstance(expression, sympy.Piecewise):
        choices: Any = expression.args
        pairs = [(factored(branch), condition) for branch, condition in choices]
        return sympy.Piecewise(*pairs, evaluate=False)
    if expression.is_rational_function():
        return sympy.factor(expression)
    roots = [power for power in expression.atoms(sympy.Pow) if _is_half(power.exp)]
    bases = {power.base for power in roots if power.base.free_symbols}
    if len(bases) != 1 or not expression.is_algebraic_expr():
        return expression
    (base,) = bases
    least = base ** min(power.exp for power in roots if power.base == base)
    return sympy.factor(sympy.expand(sympy.expand(expression) / least)) * least


def _is_half(exponent: Any) -> bool:
    return exponent.is_Rational and exponent.q == 2


def postfix(expression: sympy.Expr) -> str:
    return " ".join(_words(expression))


def _words(e: Any) -> list[str]:
    """Operands before what is done with them."""
    if e.is_Symbol:
        return [f"${e.name}"]
    if e.is_Rational:
        return [str(e)]
    if e is sympy.E:
        return ["1", "exp"]
    if e in CONSTANTS:
        return CONSTANTS[e]
    if isinstance(e, sympy.Piecewise):
        choices: Any = e.args
        words = [word for branch, holds in choices for word in [*_words(branch), *_words(holds)]]
        return [*words, f"piecewise:{len(e.args)}"]
    for kind, word in FOLDED.items():
        if isinstance(e, kind):
            first, *others = sorted(e.args, key=str) if e.is_Boolean else e.args
            return [*_words(first), *(w for other in others for w in [*_words(other), word])]
    for kind, word in APPLIED.items():
        if isinstance(e, kind):
            return [*(w for argument in e.args for w in _words(argument)), word]
    raise FormulaError(f"the prover has no word for {e}")
