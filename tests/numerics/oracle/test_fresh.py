"""Fails where what is derived from the catalogue is not what generate.py would write."""

import pytest

import accuracy_table
import catalogue_page
import expressions
import golden
import headline
import plots
import proof_page
from catalogue import Activation, load

STALE = "stale: run ./dev generate and commit the result"
ACTIVATIONS = load()


def test_golden_files_are_those_of_the_catalogue() -> None:
    found = {path.stem for path in golden.DIRECTORY.glob("*.txt")}
    assert found == {activation.name for activation in ACTIVATIONS}, STALE


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_golden_data_is_fresh(activation: Activation) -> None:
    lines = golden.text_of(activation).splitlines()
    committed = golden.path_of(activation).read_text().splitlines()
    differing = [pair for pair in zip(lines, committed, strict=False) if len(set(pair)) > 1]
    assert len(lines) == len(committed) and not differing, f"{STALE} {differing[:3]}"


def test_the_expressions_are_fresh() -> None:
    assert expressions.PATH.read_text() == expressions.text_of(ACTIVATIONS), STALE


def test_the_table_of_accuracies_is_fresh() -> None:
    expected = accuracy_table.header(accuracy_table.load())
    assert accuracy_table.HEADER.read_text() == expected, "stale: run ./dev generate and commit"


def test_the_page_of_the_catalogue_is_fresh() -> None:
    assert catalogue_page.PATH.read_text() == catalogue_page.page(ACTIVATIONS), STALE


def test_what_the_readme_says_of_results_is_fresh() -> None:
    readme = headline.README.read_text()
    assert headline.rewritten(readme, accuracy_table.load(), ACTIVATIONS) == readme, STALE


def test_the_page_of_results_and_its_plot_are_fresh() -> None:
    for path, content in proof_page.pages(accuracy_table.load(), ACTIVATIONS).items():
        assert path.read_text() == content, f"{path}: {STALE}"


def test_the_plots_are_fresh() -> None:
    committed = {path.name: path.read_text() for path in plots.DIRECTORY.glob("*.svg")}
    assert committed == plots.figures(ACTIVATIONS), STALE
