"""The oracle against values known from elsewhere, and its conventions at kinks, zeros, limits."""

import math

import pytest
from mpmath import mp, mpf

from exact import enclose, result_at
from formula import (
    Evaluator,
    FormulaError,
    compile_expression,
    differentiate,
    kinks,
    parse,
)
from golden import exact, given

INF = math.inf
RELU = "Piecewise((x, x > 0), (0, True))"
GELU = "x*erfc(-x/sqrt(2))/2"
SILU = "x/(1 + exp(-x))"
SOFTPLUS = "log(1 + exp(beta*x))/beta"
TANH_SHRINK = "x - tanh(x)"


def quantity(formula: str, *by: str, symbols: tuple[str, ...] = ("x",)) -> Evaluator:
    return compile_expression(differentiate(parse(formula, symbols), *by), symbols)


def hexadecimal(formula: str, x: float, *by: str) -> str:
    return exact(result_at(quantity(formula, *by), [x]))


# OEIS A099287 gives the digits of the normal distribution function at 1, which is gelu(1).
@pytest.mark.parametrize(
    ("formula", "x", "digits"),
    [
        (GELU, 1.0, "0.841344746068542948585232545632"),
        ("log(1 + exp(x))", 0.0, "0.693147180559945309417232121458"),
        ("(x + sqrt(x**2 + 4))/2", 1.0, "1.61803398874989484820458683437"),
        ("tanh(x)", 1.0, "0.761594155955764888119458282605"),
        ("erf(x)", 1.0, "0.842700792949714869341220635083"),
    ],
)
def test_known_values_to_thirty_digits(formula: str, x: float, digits: str) -> None:
    assert mp.nstr(enclose(quantity(formula), [x]).value, 30) == digits


def test_roots_of_derivatives_are_where_the_literature_has_them() -> None:
    """A sign change between neighbours in float64 of the published root."""
    for formula, root in (
        (GELU, -0.75179152469356445746),
        (SILU, -1.2784645427610737951),
        ("x*tanh(log(1 + exp(x)))", -1.1924312145154952121),
    ):
        gradient = quantity(formula, "x")
        below, above = (enclose(gradient, [math.nextafter(root, side)]) for side in (-INF, INF))
        assert (below.sign, above.sign) == (-1, 1)


@pytest.mark.parametrize("x", [-1e300, -30.0, -5.5, -1e-20, 0.25, 17.0, 1e10])
def test_squareplus_far_below_zero_agrees_with_the_form_that_does_not_cancel(x: float) -> None:
    found = enclose(quantity("(x + sqrt(x**2 + 4))/2"), [x])
    with mp.workprec(4096):
        stable = 2 / (mp.sqrt(mpf(x) ** 2 + 4) - x)
        assert abs(found.value - stable) <= abs(stable) * mpf(2) ** -140


def test_a_kink_has_the_derivative_of_the_branch_that_holds_it() -> None:
    assert hexadecimal(RELU, 0.0, "x") == "0x0p+0"
    assert hexadecimal("Piecewise((x, x >= 0), (0, True))", 0.0, "x") == "0x1p+0"


def test_a_kink_that_is_no_double_is_met_at_the_double_nearest_to_it() -> None:
    """The double 1/6 is less than a sixth, and three times it less than a half."""
    ramp = quantity("Piecewise((0, x <= -b/a), (a*x + b, True))", symbols=("x", "a", "b"))
    assert enclose(ramp, [-3.0, 1 / 6, 0.5]).sign == 0
    assert enclose(ramp, [math.nextafter(-3.0, 0.0), 1 / 6, 0.5]).sign == 1


def test_the_second_derivative_of_a_jump_has_no_impulse() -> None:
    assert hexadecimal("Abs(x)", 0.0, "x", "x") == "0x0p+0"


@pytest.mark.parametrize(
    ("formula", "zero"),
    [(RELU, "0x0p+0"), (GELU, "-0x0p+0"), ("Abs(x)", "0x0p+0"), (TANH_SHRINK, "-0x0p+0")],
)
def test_a_zero_at_minus_zero_has_the_sign_just_left_of_it(formula: str, zero: str) -> None:
    assert hexadecimal(formula, -0.0) == zero
    assert hexadecimal(formula, 0.0) == "0x0p+0"


@pytest.mark.parametrize(
    ("formula", "x", "zero"),
    [
        (GELU, -1e300, "-0x0p+0"),
        (SILU, -1e300, "-0x0p+0"),
        ("log(1 + exp(x))", -1e300, "0x0p+0"),
        (TANH_SHRINK, -1e-200, "-0x0p+0"),
        (RELU, -1e300, "0x0p+0"),
    ],
)
def test_an_underflow_has_the_sign_of_the_exact_result(formula: str, x: float, zero: str) -> None:
    assert hexadecimal(formula, x) == zero


def test_an_isolated_zero_is_positive() -> None:
    sigmoid_bends = quantity("1/(1 + exp(-x))", "x", "x")
    assert exact(result_at(sigmoid_bends, [0.0])) == "0x0p+0"


@pytest.mark.parametrize(
    ("formula", "by", "at_minus_infinity", "at_infinity"),
    [
        (GELU, (), "-0x0p+0", "inf"),
        (GELU, ("x",), "-0x0p+0", "0x1p+0"),
        (SILU, (), "-0x0p+0", "inf"),
        ("tanh(x)", (), "-0x1p+0", "0x1p+0"),
        ("x/(1 + Abs(x))", (), "-0x1p+0", "0x1p+0"),
        ("x*cos(x)", (), "?", "?"),
        ("sin(x)", (), "?", "?"),
        ("sqrt(x)", (), "?", "inf"),
        ("atan(x)", (), "-0x1.921fb54442d18p+0:-0.2758", "0x1.921fb54442d18p+0:0.2758"),
    ],
)
def test_limits_at_infinity(
    formula: str, by: tuple[str, ...], at_minus_infinity: str, at_infinity: str
) -> None:
    assert hexadecimal(formula, -INF, *by) == at_minus_infinity
    assert hexadecimal(formula, INF, *by) == at_infinity


def test_results_beyond_double_overflow_and_below_it_keep_their_fraction() -> None:
    assert hexadecimal("exp(x)", 710.0) == "inf"
    assert hexadecimal("exp(x)", -745.0) == "0x0.0000000000001p-1022:-0.4287"
    assert hexadecimal("exp(x)", -745.5) == "0x0p+0:0.3465"


def test_a_derivative_by_a_parameter_is_that_of_the_formula() -> None:
    """At x = 0, softplus is ln(2)/beta."""
    sharpness = quantity(SOFTPLUS, "beta", symbols=("x", "beta"))
    with mp.workprec(256):
        assert abs(enclose(sharpness, [0.0, 2.0]).value + mp.log(2) / 4) < mpf(10) ** -50


def test_decimals_in_a_formula_are_exact() -> None:
    tenth = enclose(quantity("x/10 - 0.1*x"), [1.0])
    assert abs(tenth.value) < mpf(2) ** -1000 or tenth.sign == 0


def test_kinks_follow_the_arguments() -> None:
    clamp = parse("Piecewise((low, x <= low), (high, x >= high), (x, True))", ["x", "low", "high"])
    assert kinks(clamp, "x", {"low": -1.5, "high": 2.25}) == [-1.5, 2.25]
    assert kinks(parse("x/(1 + Abs(x))", ["x"]), "x", {}) == [0.0]


@pytest.mark.parametrize("formula", ["Max(x, 0)", "x*slope", "Heaviside(x)"])
def test_a_formula_that_defines_too_little_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError):
        parse(formula, ["x"])


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.5, "0x1.8p+0"), (-0.0, "-0x0p+0"), (1024.0, "0x1p+10"), (-INF, "-inf"), (0.1, None)],
)
def test_given_numbers_read_back_as_themselves(number: float, text: str | None) -> None:
    assert text is None or given(number) == text
    assert math.copysign(1, float.fromhex(given(number))) == math.copysign(1, number)
    assert float.fromhex(given(number)) == number
