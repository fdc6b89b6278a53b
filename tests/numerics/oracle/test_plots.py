"""The plots: jumps as a textbook draws them, curves that stay true when simplified."""

import itertools
import math
import re
import xml.etree.ElementTree
from pathlib import Path

import pytest
import svg
from svg_texts import misplaced

import panel
import plots
from catalogue import ROOT, Activation, load
from curves import draw, kinks_of

WINDOW = panel.Window(left=-4, right=4, bottom=-1, top=4, scale=22)


def activation(name: str, formula: str) -> Activation:
    return Activation(name, (), "elementwise", "piecewise", "", "", formula, (), (), (), "keep", {})


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


@pytest.mark.parametrize("path", sorted(plots.DIRECTORY.glob("*.svg")), ids=lambda path: path.name)
def test_no_text_lies_over_another_or_leaves_the_figure(path: Path) -> None:
    assert misplaced(path.read_text()) == []


def test_texts_that_overlap_are_noticed() -> None:
    title = svg.document(200, 50, "", [svg.text(0, 20, "long = 1"), svg.text(30, 20, "other")])
    assert misplaced(title) == ["long = 1 and other"]


KINKS = {
    "relu": [0],
    "hard_tanh": [-1, 1],
    "hard_swish": [-3, 3],
    "s_shaped_relu": [0, 1],
    "softmax": [],
    "logmeanexp": [],
    "sparsemax": [-1, 1],  # the other element of (x, 0) leaves the support
    "entmax": [-2, 2],
    "hardmax": [0],
    "maxout": [0],
    "crelu": [0],
    "reglu": [0],
}


@pytest.mark.parametrize("name", KINKS)
def test_kinks_are_marked_where_the_function_has_them(name: str) -> None:
    assert kinks_of(next(a for a in load() if a.name == name)) == KINKS[name]


def test_a_jump_along_a_row_is_a_disc_and_a_ring() -> None:
    hardmax, sparsemax = (next(a for a in load() if a.name == n) for n in ("hardmax", "sparsemax"))
    value = draw(hardmax, -4, 4).value
    assert (value.taken, value.left_out) == ([(0.0, 1.0)], [(0.0, 0.0)])
    gradient = draw(sparsemax, -4, 4).gradient
    assert [x for x, _ in gradient.taken] == [-1, 1]
    assert gradient.left_out == [(-1, 0.5), (1, 0.5)]


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [svg.LIGHT, svg.DARK])
def test_texts_and_curves_stand_out_from_the_page(scheme: dict[str, str]) -> None:
    page = luminance(scheme["page"])
    for name in scheme.keys() - {"page"}:
        ink = luminance(scheme[name])
        assert (max(ink, page) + 0.05) / (min(ink, page) + 0.05) >= 4.5, name


def test_every_plot_is_shown_beside_the_catalogue() -> None:
    page = (ROOT / "core/activations/README.md").read_text()
    assert {p.name for p in plots.DIRECTORY.glob("*.svg")} == set(
        re.findall(r"\(\.\./plots/(\w+\.svg)\)", page)
    )
