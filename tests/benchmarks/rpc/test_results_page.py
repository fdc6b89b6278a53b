"""RESULTS.md is what rpc.py writes to, and says what rpc.py would say now."""

from __future__ import annotations

import call_tables
import marked_section
import pytest
import rpc
import study_tables

LEGENDS = [
    call_tables.BARS,
    call_tables.LEGEND,
    study_tables.BUFFERS_LEGEND,
    study_tables.STREAM_LEGEND,
]


@pytest.mark.parametrize("section", [rpc.CALLS_SECTION, rpc.SCALE_SECTION])
def test_the_page_has_a_place_for_each_section(section: str) -> None:
    marked_section.require(rpc.RESULTS, section)


@pytest.mark.parametrize("legend", LEGENDS)
def test_the_page_explains_its_tables_as_the_program_does(legend: str) -> None:
    assert legend in rpc.RESULTS.read_text()


def test_the_page_shows_the_plot() -> None:
    assert rpc.PLOT.exists()
    assert f"]({rpc.PLOT.name})" in rpc.RESULTS.read_text()
