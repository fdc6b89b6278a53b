"""Calls a server again and again until SIGTERM, then prints how many calls there were, and failed.

    caller.py TARGET

It runs in the image of the Python client, whose own retries are all that it has.
"""

import json
import signal
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import rectifier

CALLERS = 4
PAUSE = 0.02  # seconds between the calls of a caller, so that they do not fill the machine


class Tally:
    """Counts calls by how they ended, of all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: Counter[str] = Counter()

    def add(self, end: str) -> None:
        with self._lock:
            self._ends[end] += 1

    def report(self) -> str:
        failed = {end: count for end, count in self._ends.items() if end != "ok"}
        return json.dumps({"calls": self._ends.total(), "failed": failed})


def call_until(is_over: threading.Event, client: rectifier.Client, tally: Tally) -> None:
    x = np.linspace(-1, 1, 256, dtype=np.float32)
    expected = np.maximum(x, 0)
    while not is_over.wait(PAUSE):
        try:
            value = client.evaluate("relu", x, timeout=30).value
            tally.add("ok" if np.array_equal(value, expected) else "wrong bits")
        except rectifier.RectifierError as error:
            tally.add(f"{error.code.name}: {error}"[:300])


def main(target: str) -> None:
    is_over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    tally = Tally()
    with rectifier.Client(target) as client, ThreadPoolExecutor(CALLERS) as threads:
        for _ in range(CALLERS):
            threads.submit(call_until, is_over, client, tally)
        is_over.wait()
    print(tally.report())


if __name__ == "__main__":
    main(sys.argv[1])
