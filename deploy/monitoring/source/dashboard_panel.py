"""What a dashboard consists of, whatever draws it."""

from __future__ import annotations

from dataclasses import dataclass

# How a panel shows its queries.
LINES = "timeseries"
NUMBER = "stat"  # the last value
HEAT_MAP = "heatmap"
STATES = "state-timeline"


@dataclass(frozen=True)
class Query:
    expression: str
    legend: str = ""  # {{label}} stands for its value


@dataclass(frozen=True)
class Panel:
    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str  # as Grafana names it
    kind: str = LINES
    width: int = 8  # of 24
    height: int = 8
    is_stacked: bool = False
    most: float | None = None  # the end of the axis, where that is known
    # From which values on a number is yellow, and red.
    warns_at: float | None = None
    fails_at: float | None = None


@dataclass(frozen=True)
class Row:
    title: str
    panels: tuple[Panel, ...]


WIDTH = 24


def lines(row: Row) -> list[list[Panel]]:
    """Its panels from left to right, as many in a line as fit; those of a line are equally high."""
    found: list[list[Panel]] = [[]]
    for panel in row.panels:
        if sum(each.width for each in found[-1]) + panel.width > WIDTH:
            found.append([])
        found[-1].append(panel)
    return found


RATE = "$__rate_interval"
JOB, INSTANCE = 'job=~"$job"', 'instance=~"$instance"'


def of(metric: str, *matchers: str) -> str:
    """The series of the servers that are chosen above the dashboard."""
    chosen = (JOB, INSTANCE, *matchers)
    return f"{metric}{{{','.join(chosen)}}}"


def rate(metric: str, *matchers: str) -> str:
    return f"rate({of(metric, *matchers)}[{RATE}])"


def by(labels: str, expression: str) -> str:
    return f"sum by ({labels}) ({expression})"


def total(expression: str) -> str:
    return f"sum({expression})"


def beside_limit(metric: str, name: str) -> tuple[Query, Query]:
    used, limit = total(of(metric)), total(of(f"{metric}_limit"))
    return Query(used, name), Query(limit, f"{name}, limit")
