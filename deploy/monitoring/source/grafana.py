"""The dashboard as Grafana's JSON, for version 10 or later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dashboard import ROWS, TITLE
from dashboard_panel import HEAT_MAP, LINES, NUMBER, STATES, WIDTH, Panel, Query, lines

SCHEMA = 39
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, YELLOW, RED = "green", "yellow", "red"

Json = dict[str, Any]


def grafana_json() -> str:
    content = {
        "uid": "rectifier",
        "title": TITLE,
        "description": "rectifierd: calls, errors, latency, limits, activations, the process.",
        "tags": ["rectifier", "grpc"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,  # the crosshair is shared
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_sources(), _label("job"), _label("instance")]},
        "annotations": {"list": [_starts()]},
        "panels": list(_placed()),
    }
    return json.dumps(content, indent=2) + "\n"


def _placed() -> Iterator[Json]:
    """Rows, and the panels of each from left to right."""
    number, top = 1, 0
    for row in ROWS:
        place = {"x": 0, "y": top, "w": WIDTH, "h": 1}
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        number, top = number + 1, top + 1
        for line in lines(row):
            left = 0
            for panel in line:
                place = {"x": left, "y": top, "w": panel.width, "h": panel.height}
                yield {"id": number, **_panel(panel), "gridPos": place}
                number, left = number + 1, left + panel.width
            top += line[0].height


def _panel(panel: Panel) -> Json:
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "targets": [_target(panel, query, index) for index, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": OPTIONS[panel.kind],
    }


def _target(panel: Panel, query: Query, index: int) -> Json:
    return {
        "refId": chr(ord("A") + index),
        "datasource": SOURCE,
        "editorMode": "code",
        "expr": query.expression,
        "legendFormat": query.legend or panel.title,
        "format": "heatmap" if panel.kind == HEAT_MAP else "time_series",
        "instant": False,
        "range": True,
    }


def _field(panel: Panel) -> Json:
    if panel.kind == HEAT_MAP:
        return {"unit": panel.unit}
    field: Json = {"unit": panel.unit, "thresholds": _thresholds(panel)}
    if panel.kind == NUMBER:
        return field | {"color": {"mode": "thresholds"}, "noValue": "none"}
    if panel.kind == STATES:
        custom: Json = {"lineWidth": 0, "fillOpacity": 80}
        return field | {"color": {"mode": "fixed", "fixedColor": RED}, "custom": custom}
    most = {} if panel.most is None else {"max": panel.most}
    return field | most | {"min": 0, "color": {"mode": "palette-classic"}, "custom": _lines(panel)}


def _thresholds(panel: Panel) -> Json:
    steps: list[Json] = [{"color": GREEN, "value": None}]
    for value, colour in ((panel.warns_at, YELLOW), (panel.fails_at, RED)):
        if value is not None:
            steps.append({"color": colour, "value": round(value, 9)})
    return {"mode": "absolute", "steps": steps}


def _lines(panel: Panel) -> Json:
    return {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "fillOpacity": 40 if panel.is_stacked else 10,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if panel.is_stacked else "none", "group": "A"},
    }


OPTIONS: dict[str, Json] = {
    LINES: {
        "legend": {
            "calcs": ["lastNotNull", "max"],
            "displayMode": "table",
            "placement": "bottom",
            "showLegend": True,
        },
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    NUMBER: {
        "colorMode": "value",
        "graphMode": "area",
        "justifyMode": "auto",
        "orientation": "auto",
        "percentChangeColorMode": "standard",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "showPercentChange": False,
        "textMode": "value",
        "wideLayout": True,
    },
    STATES: {
        "alignValue": "left",
        "legend": {
            "calcs": [],
            "displayMode": "list",
            "placement": "bottom",
            "showLegend": False,
        },
        "mergeValues": True,
        "rowHeight": 0.9,
        "showValue": "never",
        "tooltip": {"mode": "single", "sort": "none"},
    },
    HEAT_MAP: {
        "calculate": False,
        "cellGap": 1,
        "color": {
            "exponent": 0.5,
            "fill": "dark-blue",
            "mode": "scheme",
            "reverse": False,
            "scale": "exponential",
            "scheme": "Blues",
            "steps": 64,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "tooltip": {"mode": "single", "showColorScale": True, "yHistogram": True},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": "s"},
    },
}


def _sources() -> Json:
    return {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "refresh": 1,
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
    }


def _label(name: str) -> Json:
    of_job = '{job=~"$job"}' if name == "instance" else ""
    query = f"label_values(rectifier_build_info{of_job}, {name})"
    return {
        "name": name,
        "label": name.capitalize(),
        "type": "query",
        "datasource": SOURCE,
        "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor"},
        "refresh": 2,  # whenever the time range changes
        "sort": 1,
        "hide": 0,
        "includeAll": True,
        "multi": True,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
    }


def _starts() -> Json:
    """A line in each panel where a server has started."""
    changed = 'changes(process_start_time_seconds{job=~"$job",instance=~"$instance"}[1m]) > 0'
    return {
        "name": "Restarts",
        "datasource": SOURCE,
        "enable": True,
        "hide": False,
        "iconColor": YELLOW,
        "expr": changed,
        "step": "60s",
        "titleFormat": "{{instance}} has restarted",
    }
