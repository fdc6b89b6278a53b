"""The choice of points: representable, in range, and the same each time."""

import math
from dataclasses import replace
from typing import Any

import numpy
import pytest

import points
from catalogue import Activation, Parameter
from formula import compile_expression, parse

SLOPE = Parameter(
    name="slope",
    type="number",
    default=0.25,
    range_text="(-inf, inf)",
    low=-math.inf,
    high=math.inf,
    low_open=True,
    high_open=True,
    words=(),
    learnable=True,
    summary="",
)
POSITIVE = replace(SLOPE, name="beta", default=1.0, low=0.0)
CLOSED = replace(SLOPE, name="b", default=4.0, low=0.0, low_open=False)


def activation(*parameters: Parameter) -> Activation:
    return Activation("f", (), "elementwise", "", "", "", "x", parameters, (), (), "keep", {})


@pytest.mark.parametrize("x", [0.0, 1.0, -3.0, 0.1, 1e-7, 65000.0, -1e-40])
@pytest.mark.parametrize(
    ("format_", "dtype"), [(points.FLOAT16, numpy.float16), (points.FLOAT32, numpy.float32)]
)
def test_neighbours_are_those_of_numpy(
    x: float, format_: points.Format, dtype: type[numpy.floating[Any]]
) -> None:
    below, nearest, above = format_.around(x)
    assert nearest == float(dtype(x))
    assert below == float(numpy.nextafter(dtype(nearest), dtype(-math.inf)))
    assert above == float(numpy.nextafter(dtype(nearest), dtype(math.inf)))


def test_points_are_sorted_and_keep_both_zeros() -> None:
    found = points.sorted_points([0.0, 1.0, -0.0, 1.0, -math.inf])
    assert list(map(repr, found)) == ["-inf", "-0.0", "0.0", "1.0"]
    assert found[1] == 0  # plain floats, which compare with integers


def test_the_dense_grid_reaches_every_corner_of_double() -> None:
    grid = points.dense()
    finite = [abs(x) for x in grid if math.isfinite(x) and x]
    assert 350 <= len(points.sorted_points(grid)) <= 450
    assert min(finite) < 1e-320
    assert max(finite) > 1e299
    assert grid == points.dense()


@pytest.mark.parametrize("parameter", [SLOPE, POSITIVE, CLOSED])
def test_argument_sets_begin_with_the_default_and_stay_in_range(parameter: Parameter) -> None:
    sets = points.argument_sets(activation(parameter))
    assert sets[0] == {parameter.name: parameter.default}
    assert len(sets) >= 4
    assert all(parameter.allows(arguments[parameter.name]) for arguments in sets)


def test_an_argument_set_reaches_zero_or_below_it_where_the_range_does() -> None:
    assert {"b": 0.0} in points.argument_sets(activation(CLOSED))
    assert {"slope": -0.1875} in points.argument_sets(activation(SLOPE))


def test_roots_are_found_to_the_last_bit() -> None:
    square = compile_expression(parse("x**2 - 2", ["x"]), ["x"])
    left, right = points.roots(square)
    assert left == -right or abs(left + right) <= math.ulp(right)
    assert right == 1.414213562373095  # the double just below


def test_of_many_roots_those_nearest_to_zero_are_taken() -> None:
    sine = compile_expression(parse("sin(x)", ["x"]), ["x"])
    found = points.roots(sine)
    assert len(found) == points.MOST_ROOTS
    assert max(abs(root) for root in found) < 13
