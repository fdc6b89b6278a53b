"""The `rectifier` command, run as a person runs it."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Evaluated:
    tensors: dict[str, NDArray[np.float32]]  # by quantity: "value", "parameter_gradient.weight"
    seconds: float  # from the command's start to its end


class RectifierCommand:
    """Evaluates files against one server."""

    def __init__(self, path: str, target: str, directory: Path) -> None:
        self._path = path
        self._target = target
        self._directory = directory  # for results

    def evaluate(self, *arguments: str) -> Evaluated:
        """Runs `rectifier eval ARGUMENTS`. Errors: RuntimeError with what the command printed."""
        for stale in self._directory.glob("*.npy"):
            stale.unlink()
        command = [self._path, "eval", *arguments]
        command += ["--target", self._target, "--output", str(self._directory / "y")]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
        files = self._directory.glob("y.*.npy")
        tensors = {file.name[len("y.") : -len(".npy")]: np.load(file) for file in files}
        return Evaluated(tensors, seconds)
