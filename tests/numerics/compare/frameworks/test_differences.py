from __future__ import annotations

import math

import numpy as np
import pytest
from case import CUBE, ELEMENTWISE, GRADIENT, GRADIENT_INF, ROWS, VALUE, Case
from difference import ERROR, NAN, NUMBER, SHAPE, ZERO_SIGN, Difference, differences, kinds_of
from expected import Expected
from explain import explain

CASE = Case("relu", "relu(x)")


def difference(
    kind: str, theirs: float, ours: float, x: float = 1.0, quantity: str = VALUE
) -> Difference:
    return Difference(CASE, quantity, "float32", kind, str(x), theirs, ours, (x,))


@pytest.mark.parametrize(
    ("theirs", "ours", "kind"),
    [
        (1.0, 1.0, ""),
        (1.0, 1.00001, ""),
        (1.0, 1.001, NUMBER),
        (1e30, 1.00001e30, ""),
        (1e30, 2e30, NUMBER),
        (math.inf, math.inf, ""),
        (math.inf, -math.inf, NUMBER),
        (3e38, math.inf, NUMBER),
        (math.nan, math.nan, ""),
        (math.nan, 0.0, NAN),
        (0.0, math.nan, NAN),
        (0.0, -0.0, ZERO_SIGN),
        (-0.0, -0.0, ""),
        (0.0, -1e-30, ""),
    ],
)
def test_kinds(theirs: float, ours: float, kind: str) -> None:
    assert kinds_of(np.array([theirs]), np.array([ours]), 1e-4).tolist() == [kind]


def test_a_difference_tells_its_input() -> None:
    theirs = np.zeros(ELEMENTWISE.shape, np.float32)
    ours = theirs.copy()
    ours[3] = 1

    (found,) = differences(CASE, {("float32", VALUE): theirs}, {("float32", VALUE): ours})

    assert found.kind == NUMBER
    assert found.inputs == (float(np.float32(ELEMENTWISE[3])),)


def test_a_difference_in_a_row_tells_the_row() -> None:
    rows = Case("softmax", "softmax(x)", {}, (ROWS,))
    theirs = np.zeros(ROWS.shape)
    ours = theirs.copy()
    ours[2, 1] = 1

    (found,) = differences(rows, {("float64", VALUE): theirs}, {("float64", VALUE): ours})

    assert found.inputs == tuple(ROWS[2])
    assert found.where.startswith("[2, 1] of [2, 2, -1, 0]")


def test_results_of_rank_0_are_compared() -> None:
    sums = Case("logsumexp", "logsumexp(x)", {}, (CUBE,))

    def found(ours: float) -> list[Difference]:
        key = ("float32", VALUE)
        return differences(sums, {key: np.array(1.0)}, {key: np.array(ours)})

    assert found(1.0) == []
    assert [each.where for each in found(2.0)] == ["[]"]


def test_shapes_and_errors_are_differences() -> None:
    theirs = {("float32", VALUE): np.zeros(3)}

    (shape,) = differences(CASE, theirs, {("float32", VALUE): np.zeros(2)})
    (error,) = differences(CASE, theirs, "no such name")

    assert (shape.kind, error.kind) == (SHAPE, ERROR)
    assert "no such name" in str(error)


@pytest.mark.parametrize(
    ("found", "is_explained"),
    [
        (difference(NAN, 1.0, math.nan, x=math.nan), True),
        (difference(NAN, 1.0, math.nan, x=0.5), False),
        (difference(NAN, math.nan, 0.0, x=-math.inf), True),
        (difference(NAN, math.nan, 0.0, x=-1e30), True),
        (difference(NAN, math.nan, 0.0, x=2.0), False),
        (difference(NAN, math.nan, 0.0, x=2.0, quantity=GRADIENT_INF), True),
        (difference(NAN, 0.0, math.nan, x=2.0, quantity=GRADIENT_INF), False),
        (difference(NUMBER, math.inf, 1e30, x=1e30), True),
        (difference(NUMBER, math.inf, 1.0, x=2.0), False),
        (difference(NUMBER, 1.0, 2.0, x=1e30), False),
        (difference(ZERO_SIGN, 0.0, -0.0, x=-0.0), True),
        (difference(SHAPE, math.nan, math.nan), False),
        (difference(ERROR, math.nan, math.nan), False),
    ],
)
def test_rules(found: Difference, is_explained: bool) -> None:
    assert bool(explain([found], ()).by_reason) == is_explained
    assert bool(explain([found], ()).undocumented) != is_explained


def test_an_expectation_explains_what_it_names_and_nothing_else() -> None:
    expected = Expected(("relu",), (GRADIENT,), "their own", at=(0.0,))
    at_the_kink = difference(NUMBER, 1.0, 0.0, x=0.0, quantity=GRADIENT)
    elsewhere = difference(NUMBER, 1.0, 0.0, x=1.0, quantity=GRADIENT)
    value = difference(NUMBER, 1.0, 0.0, x=0.0)

    explanation = explain([at_the_kink, elsewhere, value], (expected,))

    assert explanation.by_reason == {"their own": [at_the_kink]}
    assert explanation.undocumented == [elsewhere, value]
    assert explanation.unused == []


def test_an_expectation_that_nothing_needs_is_reported() -> None:
    expected = Expected(("relu",), (GRADIENT,), "their own")

    assert explain([], (expected,)).unused == [expected]
