"""Draws the dashboard from what record.py wrote, because Grafana cannot run everywhere.

picture.py FILE SVG [ROW...]     # all rows, or those with these titles
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import chart
import grafana_units
import svg
from chart import Area, Line
from dashboard import ROWS, TITLE
from dashboard_panel import HEAT_MAP, NUMBER, STATES, WIDTH, Panel, Row, lines
from promql import LEGEND

COLUMN, UNIT = 40.0, 21.0  # pixels of a unit of Grafana's grid, across and down
GAP = 4.0
EVERY = 2  # of the samples; more cannot be seen
TITLE_ROW = 30.0
LEFT, RIGHT, ABOVE, BELOW = 58.0, 8.0, 24.0, 44.0  # around the curves of a panel


class Picture:
    def __init__(self, recorded: dict[str, Any]) -> None:
        self._start: float = recorded["start"]
        self._seconds: float = recorded["end"] - recorded["start"]
        self._step: float = recorded["step"] * EVERY
        self._servers: dict[str, str] = recorded["servers"]
        self._answers: dict[str, list[list[dict[str, Any]]]] = recorded["answers"]

    def draw(self, rows: Sequence[Row]) -> str:
        body = [chart.STYLE]
        top = 8.0
        for row in rows:
            body.append(svg.text(GAP, top + 20, row.title, "name"))
            top += TITLE_ROW
            for panels in lines(row):
                left = 0.0
                for panel in panels:
                    body.append(svg.group(left, top, self._panel(panel)))
                    left += panel.width * COLUMN
                top += panels[0].height * UNIT
        return svg.document(WIDTH * COLUMN, top + 8, f"{TITLE}: the dashboard", body)

    def _panel(self, panel: Panel) -> list[str]:
        width, height = panel.width * COLUMN - GAP, panel.height * UNIT - GAP
        frame = chart.rectangle(GAP / 2, GAP / 2, width, height, 'rx="3" class="frame"')
        title = svg.text(10, 17, panel.title, "mark")
        area = Area(LEFT, ABOVE + 4, width - RIGHT, height - BELOW, self._seconds)
        return [frame, title, *self._content(panel, area)]

    def _content(self, panel: Panel, area: Area) -> list[str]:
        if panel.title not in self._answers:
            return _words("newer than the recording", area)
        found = self._lines(panel)
        if not found:
            return _words("no data", area)
        if panel.kind == NUMBER:
            return _number(panel, found[0], area)
        if panel.kind == STATES:
            return _states(found, area)
        if panel.kind == HEAT_MAP:
            return _heat_map(found, replace(area, bottom=area.bottom + 22), self._step)
        return _curves(panel, found, area)

    def _lines(self, panel: Panel) -> list[Line]:
        found = []
        for query, answer in zip(panel.queries, self._answers[panel.title], strict=True):
            for series in answer:
                name = self._name(query.legend or panel.title, series["metric"])
                points = [
                    (at - self._start, float(value)) for at, value in series["values"][::EVERY]
                ]
                points = [point for point in points if point[1] == point[1]]  # is no NaN
                if points:
                    found.append(Line(name, points))
        return sorted(found, key=lambda line: _last(line)) if panel.kind == HEAT_MAP else found

    def _name(self, legend: str, labels: dict[str, str]) -> str:
        named = {**labels, "instance": self._servers.get(labels.get("instance", ""), "")}
        return LEGEND.sub(lambda found: named.get(found[1], ""), legend)


def _words(text: str, area: Area) -> list[str]:
    middle = (area.left + area.right) / 2, (area.top + area.bottom) / 2 + 8
    return [svg.text(*middle, text, "tick", "middle")]


def _last(line: Line) -> float:
    return float(re.sub("[^0-9.e+-]", "", line.name.replace("+Inf", "1e99")))


def _curves(panel: Panel, found: Sequence[Line], area: Area) -> list[str]:
    highest = max(value for line in found for _, value in line.points)
    if panel.is_stacked:
        moments = {at for line in found for at, _ in line.points}
        highest = max(sum(dict(line.points).get(at, 0) for line in found) for at in moments)
    most = panel.most if panel.most is not None else chart.end_of_axis(highest, panel.unit)
    area = replace(area, most=most)
    drawn = [*chart.values(area, panel.unit), *chart.minutes(area)]
    if panel.is_stacked:
        drawn += chart.bands(area, found)
    else:
        drawn += [chart.curve(area, line, index) for index, line in enumerate(found)]
    return drawn + chart.legend(replace(area, left=10), found, area.bottom + 26, rows=2)


def _number(panel: Panel, line: Line, area: Area) -> list[str]:
    value = line.points[-1][1]
    kind = chart.GOOD
    if panel.warns_at is not None and value >= panel.warns_at:
        kind = chart.WARNING
    if panel.fails_at is not None and value >= panel.fails_at:
        kind = chart.BAD
    middle = (area.right + RIGHT) / 2
    top = max(value for _, value in line.points) or 1
    floor = replace(area, left=10, top=56, bottom=76, most=top)
    text = grafana_units.text(value, panel.unit)
    return [
        chart.curve(floor, line, 5),
        svg.text(middle, 45, text, f"number {kind}", "middle"),
    ]


def _states(found: Sequence[Line], area: Area) -> list[str]:
    drawn = chart.minutes(area)
    height = min(24.0, (area.bottom - area.top) / len(found))
    for index, line in enumerate(found):
        y = area.top + index * height + 12
        for begin, end in _spans([at for at, _ in line.points]):
            width = max(2.0, area.x(end) - area.x(begin))
            drawn.append(
                chart.rectangle(area.x(begin), y + 3, width, 5, 'class="bad" fill-opacity=".8"')
            )
        drawn.append(svg.text(10, y, line.name, "tick"))
    return drawn


def _spans(moments: Sequence[float]) -> list[tuple[float, float]]:
    """Moments that follow each other closely are one span."""
    spans: list[tuple[float, float]] = []
    for at in moments:
        if spans and at - spans[-1][1] < 16:
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((at, at))
    return spans


def _heat_map(found: Sequence[Line], area: Area, step: float) -> list[str]:
    """Buckets are cumulative: what is in one is what it has more than the one below."""
    counts: dict[tuple[int, float], float] = {}
    below: dict[float, float] = {}
    for index, line in enumerate(found):
        for at, value in line.points:
            counts[index, at] = value - below.get(at, 0)
        below = dict(line.points)
    used = [index for (index, _), count in counts.items() if count > 0.01]
    low, high = min(used), max(used)
    most = max(counts.values())
    height = (area.bottom - area.top) / (high - low + 1)
    width = area.x(step) - area.x(0)
    drawn = chart.minutes(area)
    for (index, at), count in counts.items():
        if count > 0.01 and area.x(at) + width <= area.right:
            y = area.bottom - (index - low + 1) * height
            shade = f'class="heat" fill-opacity="{max(0.06, (count / most) ** 0.5):.2f}"'
            drawn.append(chart.rectangle(area.x(at), y, width - 0.4, height - 0.5, shade))
    for index in range(low, high + 1, 3):
        y = area.bottom - (index - low + 1) * height
        bound = (
            grafana_units.text(_last(found[index]), "s") if _last(found[index]) < 1e9 else "more"
        )
        drawn.append(svg.text(area.left - 5, y + 3.5, bound, "tick", "end"))
    return drawn


def main() -> None:
    source, target, *titles = sys.argv[1:]
    rows = [row for row in ROWS if not titles or row.title in titles]
    Path(target).write_text(Picture(json.loads(Path(source).read_text())).draw(rows))


if __name__ == "__main__":
    main()
