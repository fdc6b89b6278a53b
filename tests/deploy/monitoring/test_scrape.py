"""What rules and panels name is what a real server exports, and nothing of that is forgotten.

The folder of the server's binaries is in the environment variable BINARIES.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import operating_page
import pytest
from all_expressions import of_panels, of_rules, panels
from dashboard import LEFT_OUT
from dashboard_panel import Panel
from operating_page import PAGE, Family
from promql import LEGEND, Selector, grouping_labels, selectors
from rule_files import RECORDINGS

# Labels that Prometheus adds, of targets, of alerts and of Kubernetes.
ADDED = {"job": "rectifier", "instance": "a:9464", "namespace": "default", "alertname": "Any"}
PARTS = re.compile(r"_(bucket|sum|count)$")  # of a histogram
EXPRESSIONS = [*of_rules(), *of_panels()]

Families = dict[str, Family]


@pytest.fixture(name="families", scope="module")
def _families() -> Families:
    """What a server exports after calls with all quantities and types."""
    _, found = operating_page.ask_server(Path(os.environ["BINARIES"]))
    return {family.name: family for family in found}


def labels_of(metric: str, families: Families) -> dict[str, set[str]]:
    """Those that its series have, with their values. Errors: KeyError where it does not exist."""
    recorded = [rule for rule in RECORDINGS if rule.name == metric]
    if recorded:
        return {"limit": {rule.limit for rule in recorded if rule.limit}}
    name = metric if metric in families else PARTS.sub("", metric)
    of_histogram = {"le": {"0.25"}} if families[name].kind == "histogram" else {}
    return families[name].labels | of_histogram


def problems(selector: Selector, families: Families) -> Iterable[str]:
    try:
        labels = labels_of(selector.metric, families)
    except KeyError:
        yield f"no metric {selector.metric}"
        return
    for label, operator, value in selector.matchers:
        if label in ADDED:
            continue
        if label not in labels:
            yield f"{selector.metric} has no label {label}"
        elif values_of(operator, value) - labels[label]:
            yield f"{selector.metric} has no {label}={value}"


def values_of(operator: str, value: str) -> set[str]:
    """Alternatives of a regular expression are values, too."""
    return set(value.split("|")) if operator in ("=~", "!~") else {value}


@pytest.mark.parametrize(("place", "expression"), EXPRESSIONS)
def test_what_it_names_is_exported(place: str, expression: str, families: Families) -> None:
    found = selectors(expression)
    assert found or re.search(r"\bup\{|ALERTS\{", expression), "it names nothing"
    assert [problem for each in found for problem in problems(each, families)] == []
    known = set(ADDED).union(*(labels_of(each.metric, families) for each in found))
    assert grouping_labels(expression) <= known


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.title)
def test_a_legend_names_labels_that_its_query_keeps(panel: Panel, families: Families) -> None:
    for query in panel.queries:
        known = set(ADDED).union(
            *(labels_of(each.metric, families) for each in selectors(query.expression))
        )
        kept = re.findall(r"\bby \(([^()]*)\)", query.expression)
        if kept:
            known = {label for words in kept for label in words.split(", ")}
        assert set(LEGEND.findall(query.legend)) <= known


def test_every_metric_of_the_page_is_shown_or_left_out(families: Families) -> None:
    shown = {
        each.metric if each.metric in families else PARTS.sub("", each.metric)
        for _, expression in of_panels()
        for each in selectors(expression)
    }
    for rule in RECORDINGS:  # a panel that shows what a rule records shows what it is made of
        if rule.name in shown:
            shown |= {each.metric for each in selectors(rule.expression)}
    text = PAGE.read_text()
    page = set(re.findall(r"^\| `(\w+)` \| (?:counter|gauge|histogram)", text, re.MULTILINE))
    assert page == set(families)
    assert page - shown == set(LEFT_OUT)


def test_an_expression_is_taken_apart() -> None:
    expression = (
        'sum by (le, grpc_code) (rate(grpc_server_x_bucket{le="1",a!="b"}[5m]))'
        "\n/ on (job) instance:rectifier_limit_used:ratio > rectifier_y_limit and rectifier_z"
    )
    assert selectors(expression) == [
        Selector("grpc_server_x_bucket", (("le", "=", "1"), ("a", "!=", "b"))),
        Selector("rectifier_y_limit", ()),
        Selector("rectifier_z", ()),
        Selector("instance:rectifier_limit_used:ratio", ()),
    ]
    assert grouping_labels(expression) == {"le", "grpc_code", "job"}


def test_what_does_not_exist_is_told() -> None:
    families = {"rectifier_x": Family("rectifier_x", "gauge", "", {"reason": {"one", "two"}})}
    told = [
        problem
        for expression in (
            "rectifier_y",
            'rectifier_x{cause="one"}',
            'rectifier_x{reason=~"one|three"}',
            'rectifier_x{reason!="two"}',
        )
        for each in selectors(expression)
        for problem in problems(each, families)
    ]
    assert told == [
        "no metric rectifier_y",
        "rectifier_x has no label cause",
        "rectifier_x has no reason=one|three",
    ]
