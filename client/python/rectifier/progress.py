"""A bar for what takes long."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

Progress = bool | Callable[[int, int], None]
"""True: a bar on standard error. A function is told of how many bytes of tensors the results are
there, and of how many in all. What is evaluated at once shows nothing."""

_WIDTH = 30
_INTERVAL = 0.1  # seconds


def reporter(progress: Progress) -> Callable[[int, int], None]:
    """What is to be told how far it is."""
    if callable(progress):
        return progress
    return Bar(sys.stderr).show if progress else lambda done, total: None


class Bar:
    """Draws over its last state, at most ten times a second, and ends the line when all is done."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._begin = time.monotonic()
        self._next = self._begin

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next and done < total:
            return
        self._next = now + _INTERVAL
        share = done / total if total else 1.0
        filled = round(share * _WIDTH)
        mib, whole = (size / 2**20 for size in (done, total))
        self._file.write(
            f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%} "
            f"{mib:.0f} of {whole:.0f} MiB, {now - self._begin:.1f} s"
        )
        if done >= total:
            self._file.write("\n")
        self._file.flush()
