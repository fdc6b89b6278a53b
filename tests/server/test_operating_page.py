"""server/OPERATING.md says what the server does: its generated tables, and the names in its text.

The folder of the server's binaries is in the environment variable BINARIES.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import operating_page
import pytest
from operating_page import PAGE, Family, read_families

SOURCES = PAGE.parent
FAMILY = re.compile(r'(?:\.Name|\bSingle(?:Metric|Gauge))\(\s*"(\w+)"')
EVENT = re.compile(r'\bLogEvent\(\s*[^,"]*,([^;{]*)')


@pytest.fixture(name="sections", scope="module")
def _sections() -> dict[str, str]:
    return operating_page.sections(Path(os.environ["BINARIES"]))


def sources() -> str:
    return "\n".join(path.read_text() for path in sorted(SOURCES.rglob("*.[ch]*")))


def test_the_tables_are_fresh(sections: dict[str, str]) -> None:
    page = PAGE.read_text()
    assert operating_page.page_with(sections, page) == page, "stale: run ./dev generate"


def test_every_family_that_the_sources_define_is_in_the_table(sections: dict[str, str]) -> None:
    defined = set(FAMILY.findall(sources()))
    assert {"rectifier_inflight_calls", "process_open_fds"} <= defined  # of either source
    assert defined == set(re.findall(r"^\| `(\w+)`", sections["metrics"], re.MULTILINE))


def test_every_limit_is_a_flag(sections: dict[str, str]) -> None:
    limits, _ = operating_page.ask_server(Path(os.environ["BINARIES"]))
    assert limits == set(re.findall(r"^\| `--(\w+)`", sections["limits"], re.MULTILINE))


def test_every_event_that_the_sources_log_is_on_the_page() -> None:
    events = {
        name for words in EVENT.findall(sources()) for name in re.findall(r'"([^"]+)"', words)
    }
    assert {"serving", "call slow", "call failed"} <= events
    assert [event for event in sorted(events) if f"`{event}`" not in PAGE.read_text()] == []


def test_families_are_read_with_the_values_of_their_labels() -> None:
    text = """\
# HELP b_seconds Time, in seconds.
# TYPE b_seconds histogram
b_seconds_bucket{phase="one",le="0.1"} 1
b_seconds_count{phase="two"} 1
# HELP a A gauge.
# TYPE a gauge
a 1
"""
    assert read_families(text) == [
        Family("a", "gauge", "A gauge."),
        Family("b_seconds", "histogram", "Time, in seconds.", {"phase": {"one", "two"}}),
    ]
