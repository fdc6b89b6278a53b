"""What an expression of Prometheus names: metrics, labels, values. It parses no more of PromQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

METRIC = re.compile(r"(?<![\w:])((?:grpc_server|rectifier|process)_\w+)(?![\w:(])(\{[^}]*\})?")
RECORDED = re.compile(r"(?<![\w:])((?:job|instance):\w+:\w+)(\{[^}]*\})?")
MATCHER = re.compile(r'(\w+)(=~|!=|!~|=)"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left)\s*\(([^()]*)\)")
LEGEND = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Selector:
    metric: str
    matchers: tuple[tuple[str, str, str], ...]  # label, operator, value


def selectors(expression: str) -> list[Selector]:
    """Of the server's own metrics, and of series that rules record."""
    found = METRIC.findall(_without_groupings(expression)) + RECORDED.findall(expression)
    return [Selector(name, tuple(MATCHER.findall(braces))) for name, braces in found]


def grouping_labels(expression: str) -> set[str]:
    """Those of `by`, `without`, `on` and their like."""
    lists = GROUPING.findall(expression)
    return {label.strip() for words in lists for label in words.split(",") if label.strip()}


def _without_groupings(expression: str) -> str:
    return GROUPING.sub(" ", expression)
