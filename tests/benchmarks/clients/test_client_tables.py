"""The tables of ./dev bench clients, made of figures that are known."""

from __future__ import annotations

import client_tables
import clients
import marked_section
import pytest
from client_tables import Setting, bars, text

MIB = 1 << 20
TIMES = {
    64: {"cpp": [1e-4, 2e-4, 1e-4], "python": [3e-4, 4e-4, 2e-4]},
    16 * MIB: {"cpp": [1e-2, 2e-2, 4e-2], "python": [1.2e-2, 2e-2, 8e-2]},
}
SETTING = Setting(
    "./dev bench clients", "a machine, 2 CPUs", "2026-11-30", 0.5, 3, {"go": "get Go"}
)


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    line = next(one for one in text(TIMES, SETTING).splitlines() if one.startswith("| Python |"))
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    assert cells == ["Python", "300 us", "250 us to 350 us", "2.00", "2.00 to 2.50"]


def test_the_bar_of_python_is_held_to_16_mib() -> None:
    (bar,) = bars(TIMES)
    assert bar.measured == pytest.approx(1.2)
    assert bar.verdict == "pass"


def test_a_bar_that_was_not_measured_says_so() -> None:
    (bar,) = bars({64: TIMES[64]})
    assert bar.verdict == "not measured"


def test_a_client_that_is_left_out_is_named_with_what_would_bring_it() -> None:
    assert "Go is left out: get Go" in text(TIMES, SETTING)


def test_the_page_has_a_place_for_the_tables_and_explains_them_as_the_program_does() -> None:
    marked_section.require(clients.RESULTS, clients.SECTION)
    assert client_tables.LEGEND in clients.RESULTS.read_text()
