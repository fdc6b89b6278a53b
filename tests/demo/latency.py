"""The latency histogram of Evaluate, as the server's /metrics states it."""

import re
import urllib.request
from dataclasses import dataclass
from itertools import pairwise

SERIES = re.compile(r"^grpc_server_handling_seconds_(bucket|sum|count){(.*)} (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Bucket:
    """The calls that took more than `low` and at most `high` seconds."""

    low: float
    high: float
    calls: int


@dataclass(frozen=True)
class Latency:
    buckets: list[Bucket]
    calls: int
    seconds: float  # of all calls together


def fetch_latency(metrics_address: str) -> Latency:
    with urllib.request.urlopen(f"http://{metrics_address}/metrics", timeout=10) as page:
        return parse_latency(page.read().decode())


def parse_latency(text: str) -> Latency:
    """Errors: ValueError where the page has no such histogram."""
    cumulative = []
    totals = {"sum": 0.0, "count": 0.0}
    for kind, labels, number in SERIES.findall(text):
        if 'grpc_method="Evaluate"' not in labels:
            continue
        if kind == "bucket":
            cumulative.append((float(re.findall(r'le="([^"]*)"', labels)[0]), int(float(number))))
        else:
            totals[kind] = float(number)
    if not cumulative:
        raise ValueError("no latency histogram of Evaluate in /metrics")
    cumulative.sort()
    ends = [(0.0, 0), *cumulative]
    buckets = [Bucket(low, high, calls - before) for (low, before), (high, calls) in pairwise(ends)]
    return Latency(buckets, int(totals["count"]), totals["sum"])


def show_seconds(seconds: float) -> str:
    """In the largest unit that gives a whole number at least: "300 µs", "1 ms"."""
    for unit, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= unit or name == "µs":
            return f"{seconds / unit:.3g} {name}"
    raise AssertionError
