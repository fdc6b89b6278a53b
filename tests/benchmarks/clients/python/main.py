"""Calls relu as a user of the Python client does: see ../drivers.py."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

import rectifier


def main() -> None:
    if len(sys.argv) > 1:
        _write_gelu(int(sys.argv[1]), sys.argv[2])
        return
    x = np.empty(0, np.float32)
    with rectifier.Client() as client:
        for line in sys.stdin:
            size, calls = map(int, line.split())
            if size != x.nbytes:
                x = (np.arange(size // 4) % 512 - 256).astype(np.float32)
                if not np.array_equal(client.evaluate("relu", x).value, np.maximum(x, 0)):
                    sys.exit("a value is wrong")
            print(_turn(client, x, calls), flush=True)


def _write_gelu(count: int, file: str) -> None:
    x = (np.arange(count, dtype=np.uint32) * np.uint32(2654435761)).view(np.float32)
    with rectifier.Client() as client:
        client.evaluate("gelu", x).value.tofile(file)


def _turn(client: rectifier.Client, x: np.ndarray[Any, Any], calls: int) -> int:
    begin = time.perf_counter_ns()
    for _ in range(calls):
        client.evaluate("relu", x)
    return time.perf_counter_ns() - begin


if __name__ == "__main__":
    main()
