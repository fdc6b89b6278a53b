"""What is generated is fresh, and what belongs together does."""

from __future__ import annotations

import json
import re

import all_expressions
import pytest
import rule_files
import write
from rule_cases import CASES
from rule_files import ALERTS

NAMES = [alert.name for alert in ALERTS]


@pytest.mark.parametrize("name", write.files())
def test_a_generated_file_is_fresh(name: str) -> None:
    assert (write.FOLDER / name).read_text() == write.files()[name], "stale: run ./dev generate"


def test_the_operator_gets_the_rules_of_prometheus() -> None:
    head, _, groups = rule_files.prometheus_rule().partition("spec:\n")
    assert "kind: PrometheusRule" in head
    assert re.sub(r"^  ", "", groups, flags=re.MULTILINE) in rule_files.rules()


@pytest.mark.parametrize("name", NAMES)
def test_each_alert_is_tried_where_it_fires_and_where_it_must_not(name: str) -> None:
    assert {case.fires is not None for case in CASES if case.alert == name} == {True, False}


def test_names_are_taken_once() -> None:
    titles = [panel.title for panel in all_expressions.panels()]
    whys = [f"{case.alert}: {case.why}" for case in CASES]
    for names in (NAMES, titles, whys):
        assert len(set(names)) == len(names)


def test_the_runbook_names_panels_that_exist() -> None:
    page = (write.FOLDER / "RUNBOOK.md").read_text()
    sections = page[page.index("\n## ") :].replace("\n", " ")
    named = set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", sections)) - {"Status, Targets"}
    assert len(named) >= 5
    assert named <= {panel.title for panel in all_expressions.panels()}


def test_panels_fill_the_width_without_overlap() -> None:
    panels = json.loads((write.FOLDER / "grafana/rectifier.json").read_text())["panels"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)
