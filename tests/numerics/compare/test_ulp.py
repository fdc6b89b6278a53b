from __future__ import annotations

import math

import numpy as np
import ulp
from ulp import FORMATS

FLOAT32 = FORMATS["float32"]


def _error(computed: float, exact: float, form: ulp.Format = FLOAT32) -> float:
    computeds = np.array([computed], dtype=np.float32)
    return float(ulp.errors(computeds, np.array([exact], dtype=np.float64), form)[0])


def test_a_unit_is_the_distance_of_neighbours() -> None:
    exact = np.array([1.0, -1.5, 2.0, 1e-3, 2.0**-126], dtype=np.float64)

    expected = np.spacing(np.abs(exact.astype(np.float32))).astype(np.float64)

    np.testing.assert_array_equal(FLOAT32.unit(exact), expected)


def test_a_unit_is_constant_among_subnormals_and_at_zero() -> None:
    np.testing.assert_array_equal(
        FLOAT32.unit(np.array([0, 1e-300, 1e-40], dtype=np.float64)), [2.0**-149] * 3
    )


def test_half_a_unit_is_correct_rounding() -> None:
    assert _error(1.0, 1 + 2.0**-24) == 0.5
    assert _error(1.0, 1 + 2.0**-8, FORMATS["bfloat16"]) == 0.5


def test_an_error_of_all_digits() -> None:
    assert _error(0.0, 1.0) == 2.0**23
    assert _error(-1.0, 1.0) == 2.0**24


def test_overflow_is_right_where_the_exact_result_overflows() -> None:
    assert _error(math.inf, 1e39) == 0
    assert _error(math.inf, math.inf) == 0
    assert _error(-math.inf, 1e39) == math.inf
    greatest = float(np.finfo(np.float32).max)
    assert _error(math.inf, greatest * (1 + 2.0**-26)) == math.inf
    assert _error(math.inf, greatest * (1 + 2.0**-24)) == 0


def test_overflow_and_nan_are_infinitely_wrong_elsewhere() -> None:
    assert _error(math.inf, 1e38) == math.inf
    assert _error(math.nan, 1.0) == math.inf


def test_an_undefined_result_cannot_be_wrong() -> None:
    assert _error(1.0, math.nan) == 0


def test_the_worst_is_told_at_the_smallest_input_that_has_it() -> None:
    x = np.array([-3, 2, 1], dtype=np.float32)

    worst = ulp.worst(
        x,
        np.array([0, 0, 1], dtype=np.float32),
        np.array([1, 1, 1], dtype=np.float64),
        FLOAT32,
    )

    assert worst == ulp.Worst(ulp=2.0**23, x=2.0, computed=0.0, exact=1.0)
