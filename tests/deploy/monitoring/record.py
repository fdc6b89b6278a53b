"""Asks a real Prometheus, which scrapes real servers under load, all queries of the dashboard.

    record.py RECTIFIERD FILE     # six minutes

FILE gets what it answers, as JSON: by the title of a panel a list for each query.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import mixed_load
from all_expressions import panels
from prometheus_process import ask, prometheus
from rectifierd_process import RectifierdProcess

STEP = 5  # seconds, as often as it scrapes
RATE = "30s"
FLAGS = ("--max_inflight_calls=12", "--max_streams=8", "--memory_bytes=1GiB")


def record(rectifierd: str) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="rectifier-record-") as folder,
        RectifierdProcess(rectifierd, *FLAGS) as first,
        RectifierdProcess(rectifierd, *FLAGS, *mixed_load.flags_of_second(Path(folder))) as second,
    ):
        servers = {first.metrics_address: "server 1", second.metrics_address: "server 2"}
        with prometheus(Path(folder), list(servers)) as database:
            start = time.time() + 10  # the first rates need two scrapes
            mixed_load.run(first, second)
            end = time.time()
            answers = {
                panel.title: [
                    _answer(database.address, query.expression, start, end)
                    for query in panel.queries
                ]
                for panel in panels()
            }
    return {"start": start, "end": end, "step": STEP, "servers": servers, "answers": answers}


def _answer(address: str, expression: str, start: float, end: float) -> list[dict[str, Any]]:
    for variable, value in (("$job", ".*"), ("$instance", ".*"), ("$__rate_interval", RATE)):
        expression = expression.replace(variable, value)
    found = ask(
        address, "query_range", query=expression, start=str(start), end=str(end), step=str(STEP)
    )
    return list(found["result"])


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(record(sys.argv[1])))
