"""Rows: the reverse pass against SymPy's own derivative, and the hard cases of log-sum-exp."""

import math

import pytest
import sympy

from catalogue import load
from exact import Exact
from points import RowCase, row_cases
from rows import RowFormula

SOFTMAX = "exp(x[i])/sum(exp(t) for t in x)"
LOG_SOFTMAX = "x[i] - log(sum(exp(t) for t in x))"
SPARSEMAX = "Max(0, x[i] - threshold(2, x))"
LSE0 = "log(1 + sum(exp(t) for t in x))"


def evaluate(
    formula: str, row_shape: str, x: list[float], upstream: list[float]
) -> tuple[list[Exact], list[Exact]]:
    case = RowCase(tuple(x), tuple(upstream))
    result = RowFormula(formula, row_shape, len(x)).evaluate(case)
    return result.value, result.gradient


@pytest.mark.parametrize(
    ("formula", "row_shape"),
    [
        (SOFTMAX, "keep"),
        (LOG_SOFTMAX, "keep"),
        (LSE0, "reduce"),
        ("sum(tanh(t) for t in x)", "reduce"),
    ],
)
def test_the_gradient_is_the_one_that_sympy_derives(formula: str, row_shape: str) -> None:
    numbers, weights = [0.5, -1.25, 2.0], [0.75, -1.5, 0.25]
    x = sympy.symbols("x0 x1 x2", real=True)
    names = {"exp": sympy.exp, "log": sympy.log, "tanh": sympy.tanh, "sum": sum, "x": x}
    outputs = range(3) if row_shape == "keep" else range(1)
    weighted = sum(sympy.Rational(weights[i]) * eval(formula, {**names, "i": i}) for i in outputs)
    at = dict(zip(x, map(sympy.Rational, numbers), strict=True))
    _, gradient = evaluate(formula, row_shape, numbers, weights[: len(outputs)])
    for symbol, found in zip(x, gradient, strict=True):
        assert found.nearest == float(weighted.diff(symbol).evalf(60, subs=at))


def test_log_softmax_of_a_clear_winner_is_the_tail_and_not_zero() -> None:
    value, _ = evaluate(LOG_SOFTMAX, "keep", [0.0, -700.0], [1.0, 0.0])
    assert value[0].nearest == -math.exp(-700.0)


def test_a_row_with_an_offset_has_the_softmax_of_the_row_without() -> None:
    plain, _ = evaluate(SOFTMAX, "keep", [1.0, 2.5, -3.0], [1.0, 0.0, 0.0])
    shifted, _ = evaluate(SOFTMAX, "keep", [1e12 + 1, 1e12 + 2.5, 1e12 - 3], [1.0, 0.0, 0.0])
    assert plain == shifted


def test_softmax_of_one_element_has_no_gradient() -> None:
    value, gradient = evaluate(SOFTMAX, "keep", [3.0], [2.0])
    assert (value[0].nearest, round(value[0].residual, 30)) == (1.0, 0.0)
    assert gradient == [Exact(0.0)]


def test_minus_infinity_takes_no_part() -> None:
    value, gradient = evaluate(SOFTMAX, "keep", [0.0, -math.inf, 0.0], [1.0, 1.0, 0.0])
    assert [v.nearest for v in value] == [0.5, 0.0, 0.5]
    assert [g.nearest for g in gradient] == [0.25, 0.0, -0.25]


def test_a_maximum_reached_twice_passes_its_gradient_to_the_first() -> None:
    _, gradient = evaluate("Max(*x)", "groups", [1.0, 4.0, 4.0], [2.0])
    assert [g.nearest for g in gradient] == [0.0, 2.0, 0.0]


def test_cases_are_the_same_each_time() -> None:
    (softmax,) = (activation for activation in load() if activation.name == "softmax")
    cases = row_cases(softmax)
    assert cases == row_cases(softmax)
    plain = {
        len(case.x)
        for case in cases
        if case.arguments == softmax.defaults and not case.mask and not case.bias
    }
    assert plain == {1, 2, 3, 5, 8, 9, 17, 64, 257}
    assert any(case.mask for case in cases)
    assert any(case.bias for case in cases)
    assert len({case.arguments["temperature"] for case in cases}) > 1


def test_the_derivative_by_a_parameter_is_the_one_that_sympy_derives() -> None:
    numbers, weights = [0.5, -1.25, 2.0], [0.75, -1.5, 0.25]
    formula = "exp(x[i]/temperature)/sum(exp(t/temperature) for t in x)"
    case = RowCase(tuple(numbers), tuple(weights), {"temperature": 0.75})
    found = RowFormula(formula, "keep", 3, ["temperature"]).evaluate(case)
    temperature = sympy.Symbol("temperature", positive=True)
    names = {"exp": sympy.exp, "x": list(map(sympy.Rational, numbers)), "temperature": temperature}
    weighted = sum(sympy.Rational(weights[i]) * eval(formula, {**names, "i": i}) for i in range(3))
    expected = weighted.diff(temperature).evalf(60, subs={temperature: sympy.Rational(3, 4)})
    assert found.by_parameter["temperature"].nearest == float(expected)


def test_entmax_of_two_elements_is_the_root_of_a_quadratic() -> None:
    formula = "Max(0, (alpha - 1)*x[i] - threshold(alpha, x))**(1/(alpha - 1))"
    case = RowCase((0.5, -0.25), (1.0, 0.0), {"alpha": 1.5})
    value = RowFormula(formula, "keep", 2, ["alpha"]).evaluate(case).value
    # (a + d/2)^2 + (a - d/2)^2 = 1 for the half difference d/2 of x/2, and a the mean of the roots.
    half = 0.75 / 4
    root = math.sqrt(0.5 - half * half)
    assert [v.nearest for v in value] == pytest.approx([(root + half) ** 2, (root - half) ** 2])


def test_entmax_above_two_enters_the_sum_with_an_infinite_slope() -> None:
    formula = "Max(0, (alpha - 1)*x[i] - threshold(alpha, x))**(1/(alpha - 1))"
    case = RowCase((0.5, 0.25, -3.0), (1.0, 0.0, 0.0), {"alpha": 3.0})
    value = RowFormula(formula, "keep", 3, ["alpha"]).evaluate(case).value
    # The root of 1: sqrt(w) + sqrt(w - 1/2) for w = 9/16.
    assert [v.nearest for v in value] == [0.75, 0.25, 0.0]


def test_a_bias_is_added_without_rounding() -> None:
    case = RowCase((2.0**60, 2.0**60), (1.0, 0.0), bias=(0.0, math.log(3)))
    biased = RowFormula(SOFTMAX, "keep", 2, bias=case.bias or ()).evaluate(case)
    plain = RowFormula(SOFTMAX, "keep", 2).evaluate(RowCase((0.0, math.log(3)), (1.0, 0.0)))
    assert biased.value == plain.value
    assert biased.gradient == plain.gradient
    assert biased.value[0].nearest == pytest.approx(0.25)


def test_an_element_at_the_threshold_is_outside_and_has_no_gradient() -> None:
    value, gradient = evaluate(SPARSEMAX, "keep", [1.0, 0.0, 0.5], [1.0, 1.0, 0.0])
    assert [v.nearest for v in value] == [0.75, 0.0, 0.25]
    assert [g.nearest for g in gradient] == [0.5, 0.0, -0.5]


def test_the_first_of_the_largest_is_one() -> None:
    value, gradient = evaluate("first_largest(i, x)", "keep", [1.0, 4.0, 4.0], [1.0, 2.0, 3.0])
    assert [v.nearest for v in value] == [0.0, 1.0, 0.0]
    assert [g.nearest for g in gradient] == [0.0, 0.0, 0.0]
