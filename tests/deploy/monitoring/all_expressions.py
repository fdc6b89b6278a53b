"""Every expression of rules and panels, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import ROWS
from dashboard_panel import Panel
from rule_files import ALERTS, RECORDINGS


def panels() -> list[Panel]:
    return [panel for row in ROWS for panel in row.panels]


def of_panels() -> Iterator[tuple[str, str]]:
    for panel in panels():
        for query in panel.queries:
            yield f"panel {panel.title!r}", query.expression


def of_rules() -> Iterator[tuple[str, str]]:
    for recording in RECORDINGS:
        yield recording.name, recording.expression
    for alert in ALERTS:
        yield alert.name, alert.expression


def filled_in(expression: str) -> str:
    """With what Grafana puts in place of its variables."""
    for variable, value in (("$job", ".*"), ("$instance", ".*"), ("$__rate_interval", "1m")):
        expression = expression.replace(variable, value)
    return expression
