"""Parts of an engine that run beside the test, as its users start them."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def daemon(
    command: Sequence[str], ready: str, log: Path, environment: dict[str, str]
) -> Iterator[str]:
    """Runs it; gives what the group in `ready`, a pattern, matches in what it writes."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=file, stderr=file)
    try:
        yield _wait_for(ready, log, process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(pattern: str, log: Path, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(1200):
        if found := re.search(pattern, log.read_text()):
            return found[1]
        try:
            process.wait(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            pass
    raise AssertionError(f"it does not serve:\n{log.read_text()}")
