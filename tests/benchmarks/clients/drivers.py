"""Programs that call as users of each client do: LANGUAGE/driver builds one, and runs it.

A driver calls the server of RECTIFIER_TARGET. It reads lines of two numbers, the bytes of a tensor
and a count of calls, makes these calls of relu one after the other, each as the client does by
itself, and answers with the nanoseconds that they took. The first result of each size is checked.

With two arguments, a count and a file, a driver writes gelu of so many float32 to the file, whose
bits are the multiples of 2654435761 modulo 2^32: tests/client/gibibyte.py.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
REFERENCE = "cpp"
NAMES = {
    "cpp": "C++",
    "go": "Go",
    "java": "Java",
    "node": "Node",
    "python": "Python",
    "rust": "Rust",
}
_LEFT_OUT = 77


class BuildError(Exception):
    """A driver could not be built."""


def build(language: str, environment: Mapping[str, str]) -> str | None:
    """What would bring the toolchain where it is missing, else None. Errors: BuildError."""
    command = [str(HERE / language / "driver"), "build"]
    done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    if done.returncode == _LEFT_OUT:
        return done.stderr.strip().rpartition("left out: ")[2]
    if done.returncode != 0:
        raise BuildError(f"{NAMES[language]}: {done.stdout}{done.stderr}".strip())
    return None


def environment_for(target: str, binaries: Path) -> dict[str, str]:
    """What drivers run in: nothing that a client looks for but the target."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("RECTIFIER_")}
    return {
        **kept,
        "RECTIFIER_TARGET": target,
        "RECTIFIER_BENCHMARKS": str(binaries.resolve()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Driver:
    """One that runs while the context lasts, and is idle but for its turns."""

    def __init__(self, language: str, environment: Mapping[str, str]) -> None:
        self.language = language
        self._process = subprocess.Popen(
            [str(HERE / language / "driver"), "run"],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Driver:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(timeout=60)

    def turn(self, size: int, calls: int) -> float:
        """The seconds of a call of `size` bytes, in a turn of so many."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # one that ended gives no answer
            print(size, calls, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"{NAMES[self.language]}: the driver ended; see above")
        return int(answer) / 1e9 / calls
