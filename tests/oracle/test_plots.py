"""The plots: jumps as a textbook draws them, curves that stay true when simplified."""

import itertools
import math
import xml.etree.ElementTree

import pytest
import svg

import panel
import plots
from catalogue import Activation
from curves import draw

WINDOW = panel.Window(left=-4, right=4, bottom=-1, top=4, scale=22)


def activation(name: str, formula: str) -> Activation:
    return Activation(name, (), "elementwise", "piecewise", "", formula, (), (), (), "keep", {})


RELU = activation("relu", "Piecewise((x, x > 0), (0, True))")
GELU = activation("gelu", "x*erfc(-x/sqrt(2))/2")


def test_a_kink_is_a_jump_of_the_gradient_alone() -> None:
    drawing = draw(RELU, -4, 4)
    assert drawing.kinks == [0.0]
    assert (drawing.value.taken, drawing.value.left_out) == ([], [])
    assert (drawing.gradient.taken, drawing.gradient.left_out) == ([(0.0, 0.0)], [(0.0, 1.0)])


def test_a_straight_line_is_drawn_with_two_points_and_a_bend_with_one_more() -> None:
    path = panel.curve(WINDOW, draw(RELU, -4, 4).value, svg.BLUE)[0]
    assert path.count("L") == 2


def test_a_simplified_curve_stays_within_the_tolerance() -> None:
    drawn = [(WINDOW.x(x), WINDOW.y(y)) for x, y in draw(GELU, -4, 4).value.pieces[0]]
    kept = panel.simplified(drawn)
    assert len(kept) < len(drawn) / 4
    for x, y in drawn:
        (x1, y1), (x2, y2) = next(
            pair for pair in itertools.pairwise(kept) if pair[0][0] <= x <= pair[1][0]
        )
        assert abs(y1 + (y2 - y1) * (x - x1) / (x2 - x1) - y) < 2 * panel.TOLERANCE


@pytest.mark.parametrize("members", [[RELU], [RELU, GELU]])
def test_figures_are_well_formed_and_the_same_each_time(members: list[Activation]) -> None:
    figures = plots.figures(members)
    assert ("relu_against_gelu.svg" in figures) == (len(members) == 2)
    for content in figures.values():
        xml.etree.ElementTree.fromstring(content)
    assert figures == plots.figures(members)


@pytest.mark.parametrize(("value", "text"), [(100.0, "100"), (-0.001, "0"), (1.255, "1.25")])
def test_pixels_have_at_most_two_decimals(value: float, text: str) -> None:
    assert svg.number(value) == text
    assert math.isclose(float(text), value, abs_tol=0.01)
