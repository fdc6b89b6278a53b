"""Fails, and tells which, where a panel of the dashboard has no data that it should have by now.

live_panels.py ADDRESS     # of a Prometheus that scrapes a server in use
"""

from __future__ import annotations

import sys

from all_expressions import filled_in, panels
from dashboard_panel import Panel
from prometheus_process import ask

# What there is nothing of while all is well, and without TLS.
QUIET = {
    "Alerts",
    "Calls by code, but for OK",
    "Calls turned away",
    "Certificates expire in",
}


def has_data(address: str, panel: Panel) -> bool:
    asked = (filled_in(query.expression) for query in panel.queries)
    return any(ask(address, "query", query=each)["result"] for each in asked)


def empty_panels(address: str) -> set[str]:
    return {each.title for each in panels() if each.queries and not has_data(address, each)}


if __name__ == "__main__":
    without = sorted(empty_panels(sys.argv[1]) - QUIET)
    print("\n".join(without))
    sys.exit(1 if without else 0)
