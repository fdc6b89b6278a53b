"""Runs a benchmark that writes a JSON record a line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def lines(
    command: list[str],
    progress: Callable[[Record], str | None],
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The benchmark's lines. A terminal is told what `progress` makes of a record, unless None."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            _tell(progress(json.loads(line)))
            yield line
    _tell("")
    if process.returncode:
        sys.exit(f"{Path(command[0]).name} failed: {process.returncode}")


def _tell(what: str | None) -> None:
    if what is not None and sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr)
