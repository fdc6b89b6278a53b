"""The picture of the dashboard: its parts, and that the one on the page is of this dashboard."""

from __future__ import annotations

from collections.abc import Mapping

import chart
import grafana_units
import picture
import pytest
import write
from all_expressions import panels
from chart import Area, Line
from dashboard import ROWS
from dashboard_panel import HEAT_MAP, LINES, Panel, Query, Row
from svg_texts import misplaced, texts

AREA = Area(left=10, top=0, right=110, bottom=100, seconds=400)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "bytes", "0"),
        (1536, "Bps", "1.5 KiB/s"),
        (1 << 30, "bytes", "1 GiB"),
        (0.0123, "percentunit", "1.23%"),
        (0.0003, "s", "300 us"),
        (7200, "s", "2 h"),
        (1500, "reqps", "1.5 k/s"),
        (12, "none", "12"),
    ],
)
def test_numbers_have_their_units(value: float, unit: str, text: str) -> None:
    assert grafana_units.text(value, unit) == text


def test_an_axis_ends_at_a_short_number() -> None:
    assert [chart.end_of_axis(most, "none") for most in (0, 0.9, 1, 3, 170)] == [1, 1, 1, 4, 200]
    assert chart.end_of_axis(3 << 20, "bytes") == 4 << 20
    assert chart.end_of_axis(330, "s") == 360


def test_a_curve_has_a_gap_where_there_are_no_samples() -> None:
    path = chart.curve(AREA, Line("", [(0, 0), (5, 1), (50, 0), (55, 1)]), 0)
    assert path.count("M") == 2
    assert path.count("L") == 2


def test_a_legend_tells_how_many_names_found_no_room() -> None:
    names = [Line("a name", []) for _ in range(5)]
    drawn = "".join(chart.legend(Area(0, 0, 150, 10, 1), names, 0, rows=1))
    assert drawn.count(">a name<") == 1
    assert ">4 more<" in drawn


def recorded(panel: Panel, *series: Mapping[str, object]) -> picture.Picture:
    return picture.Picture(
        {
            "start": 1000,
            "end": 1100,
            "step": 5,
            "servers": {"127.0.0.1:1": "server 1"},
            "answers": {panel.title: [list(series)]},
        }
    )


def test_a_legend_has_the_labels_of_its_series() -> None:
    panel = Panel("Some", "", (Query("x", "{{instance}}: {{reason}}"),), "none", LINES)
    series = {
        "metric": {"instance": "127.0.0.1:1", "reason": "queue"},
        "values": [[1000, "1"], [1005, "1"], [1010, "NaN"]],
    }
    drawn = recorded(panel, series).draw([Row("Row", (panel,))])
    assert ">server 1: queue<" in drawn
    assert "NaN" not in drawn


def test_a_panel_without_series_says_so() -> None:
    panel = Panel("Some", "", (Query("x"),), "none", LINES)
    assert ">no data<" in recorded(panel).draw([Row("Row", (panel,))])


def test_a_panel_that_was_not_asked_for_says_so() -> None:
    panel, newer = (Panel(name, "", (Query("x"),), "none", LINES) for name in ("Some", "Newer"))
    assert ">newer than the recording<" in recorded(panel).draw([Row("Row", (newer,))])


def test_a_bucket_of_the_heat_map_counts_what_those_below_have_not() -> None:
    panel = Panel("Some", "", (Query("x", "{{le}}"),), "s", HEAT_MAP)
    series = [
        {"metric": {"le": bound}, "values": [[1000, count]]}
        for bound, count in (("+Inf", "5"), ("0.1", "5"), ("0.01", "1"))
    ]
    drawn = recorded(panel, *series).draw([Row("Row", (panel,))])
    assert drawn.count('class="heat"') == 2
    assert 'fill-opacity="0.50"' in drawn  # one, where the most are four


def test_the_picture_on_the_page_has_every_panel_of_the_dashboard() -> None:
    drawn = {name for _, name in texts((write.FOLDER / "dashboard.svg").read_text())}
    assert {panel.title for panel in panels()} <= drawn
    assert {row.title for row in ROWS} <= drawn


@pytest.mark.parametrize("name", ["dashboard.svg", "overview.svg"])
def test_no_text_of_a_picture_lies_over_another(name: str) -> None:
    assert misplaced((write.FOLDER / name).read_text()) == []
