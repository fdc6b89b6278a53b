"""Runs ourselves and every peer over the inputs, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import machine
import numpy as np
import peer_process
from comparison import Peer
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
DEBIAN_PYTHON = Path("/usr/bin/python3")


@dataclass(frozen=True)
class Runner:
    work: Path
    inputs: Mapping[str, NDArray[np.float32]]  # by element type
    activations: list[str]

    def run_program(self, name: str, program: Path, version: str | None) -> Peer:
        """A program in C++; absent where it was not built."""
        peer = Peer(name, version if program.exists() else None, self.work / name)
        self._empty(peer.folder)
        if peer.version:
            for element_type in self.inputs:
                if self._run([program], peer.folder, element_type).returncode:
                    sys.exit(f"{program.name} failed")
        return peer

    def run_python(self, name: str, pythons: list[Path]) -> Peer:
        """A script, by the first Python that has what it needs."""
        script = FOLDER / f"{name.lower().replace(' ', '')}_peer.py"
        self._empty(self.work / name)
        for python in filter(Path.exists, pythons):
            version = self._run_script(script, python, self.work / name)
            if version:
                return Peer(name, _debian_version(name, python) or version, self.work / name)
        return Peer(name, None, self.work / name)

    def _run_script(self, script: Path, python: Path, folder: Path) -> str | None:
        version = None
        for element_type in self.inputs:
            run = self._run([python, script], folder, element_type)
            if run.returncode == peer_process.ABSENT:
                return None
            if run.returncode:
                sys.exit(f"{script.name} failed")
            version = run.stdout.strip()
        return version

    def _run(
        self, program: list[Path], folder: Path, element_type: str
    ) -> subprocess.CompletedProcess[str]:
        inputs = self.work / f"{element_type}.f32"
        self.inputs[element_type].tofile(inputs)
        command: list[str | Path] = [
            *program,
            inputs,
            folder / element_type,
            element_type,
            *self.activations,
        ]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)

    def _empty(self, folder: Path) -> None:
        for element_type in self.inputs:
            results = folder / element_type
            results.mkdir(parents=True, exist_ok=True)
            for file in results.iterdir():
                file.unlink()


def _debian_version(name: str, python: Path) -> str | None:
    """Debian's PyTorch does not know its own."""
    if name != "PyTorch" or python != DEBIAN_PYTHON:
        return None
    return machine.package_version("python3-torch")
