"""RESULTS.md, the picture and its caption are what results.json gives; the picture is readable."""

from __future__ import annotations

import math
from pathlib import Path

import comparison_file
import comparison_pages
import error_plot
import pytest
from comparison import Comparison, Subject
from svg_texts import misplaced
from ulp import Worst

STALE = "stale: run ./dev generate and commit the result"
PAGES = comparison_pages.pages(comparison_file.read(comparison_pages.RESULTS))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_follows_from_the_results_is_fresh(path: Path) -> None:
    assert path.read_text() == PAGES[path], STALE


def test_no_text_of_the_picture_lies_over_another() -> None:
    assert misplaced(PAGES[comparison_pages.PLOT]) == []


def _plot(theirs: float) -> str:
    ours, peer = Worst(0.5, 1.0, 1.0, 1.0), Worst(theirs, 1.0, 0.0, 1.0)
    subject = Subject("gelu", "value", "float32")
    return error_plot.plot([Comparison(subject, ours, {"PyTorch": peer}, None)], ["PyTorch", "JAX"])


def test_the_picture_tells_errors_and_what_a_peer_lacks() -> None:
    text = _plot(2.0**24)

    assert ">0.50</text>" in text
    assert ">1.7e7</text>" in text
    assert text.count(">has none</text>") == 1


@pytest.mark.parametrize(("theirs", "rings"), [(1e8, 0), (math.inf, 1)])
def test_an_error_beyond_the_axis_is_a_ring(theirs: float, rings: int) -> None:
    assert _plot(theirs).count('class="open orange"') == rings
