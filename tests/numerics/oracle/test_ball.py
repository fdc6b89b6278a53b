"""Ball arithmetic: what it bounds, what it calls exact, and what it refuses."""

import random
from collections.abc import Callable

import pytest
import sympy
from mpmath import mp, mpf

from ball import FUNCTIONS, Ball, Undecided, Undefined

FORMULAS: dict[str, Callable[..., mpf]] = {
    "exp": mp.exp,
    "log": mp.log,
    "sqrt": mp.sqrt,
    "tanh": mp.tanh,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "sin": mp.sin,
    "cos": mp.cos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
}


def bounded(ball: Ball, truth: mpf) -> bool:
    with mp.workprec(4096):
        return bool(abs(ball.value - truth) <= mpf(2) ** ball.error)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_function_of_an_inexact_ball_stays_within_its_bound(name: str) -> None:
    generator = random.Random(1)
    for _ in range(200):
        centre = mpf(generator.uniform(0.01, 12))
        offset = mp.ldexp(generator.uniform(-1, 1), -40)
        with mp.workprec(128):
            ball = FUNCTIONS[name](Ball(centre, -40))
        with mp.workprec(512):
            truth = FORMULAS[name](centre + offset)
        assert bounded(ball, truth), (centre, offset)


def test_sums_products_and_quotients_stay_within_their_bounds() -> None:
    generator = random.Random(2)
    for _ in range(500):
        a, b = (mpf(generator.uniform(-8, 8)) for _ in range(2))
        da, db = (mp.ldexp(generator.uniform(-1, 1), -40) for _ in range(2))
        with mp.workprec(64):
            x, y = Ball(a, -40), Ball(b, -40)
            results = [x + y, x - y, x * y, x / y, x**3, x**-2]
        with mp.workprec(512):
            p, q = a + da, b + db
            truths = [p + q, p - q, p * q, p / q, p**3, p**-2]
        assert all(map(bounded, results, truths))


def test_a_cancelled_logarithm_admits_that_it_knows_nothing() -> None:
    with mp.workprec(256):
        ball = FUNCTIONS["log"](FUNCTIONS["exp"](Ball(mpf(-700))) + 1)
    assert ball.value == 0
    assert ball.sign is None


def test_arithmetic_that_fits_the_precision_is_exact() -> None:
    with mp.workprec(128):
        assert (Ball(mpf(1.5)) * 3 + 0.25).exact
        assert not (Ball(mpf(1)) / 3).exact
        assert (Ball(mpf(1)) / 4).exact
        assert (Ball(mpf(1)) + mp.ldexp(1, -128)).exact is False


def test_functions_are_exact_where_they_are_known() -> None:
    assert FUNCTIONS["exp"](0).exact
    assert FUNCTIONS["sqrt"](2.25).exact
    assert not FUNCTIONS["sqrt"](2).exact


def test_a_comparison_within_the_error_is_undecided() -> None:
    with pytest.raises(Undecided):
        _ = Ball(mpf(1), -10) > 1
    assert Ball(mpf(1), -10) > 0.5


def test_division_by_zero_is_undefined_if_exact_and_undecided_if_not() -> None:
    with pytest.raises(Undefined):
        _ = 1 / Ball(mpf(0))
    with pytest.raises(Undecided):
        _ = 1 / Ball(mpf(0), -100)


def test_a_saturated_tanh_is_bounded_far_below_the_working_precision() -> None:
    far = FUNCTIONS["tanh"](Ball(mpf(2) ** 40))
    assert far.value == 1
    assert far.error < -(2**40)


def test_every_function_is_one_that_sympy_differentiates() -> None:
    x = sympy.Symbol("x", real=True)
    for name in FUNCTIONS:
        assert not getattr(sympy, name)(x).diff(x).has(sympy.Derivative)
