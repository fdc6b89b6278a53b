from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from comparison import Subject
from peers import Runner

PROGRAM = """#!/usr/bin/env python3
import sys

inputs, folder, element_type, *names = sys.argv[1:]
for name in names:
    open(f"{folder}/{name}.value.f32", "wb").write(open(inputs, "rb").read())
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path, {"float32": np.array([1, 2], dtype=np.float32)}, ["relu"])


def test_a_program_finds_the_inputs_and_leaves_its_results(tmp_path: Path, runner: Runner) -> None:
    program = tmp_path / "program"
    program.write_text(PROGRAM)
    program.chmod(0o755)

    peer = runner.run_program("peer", program, "1.0")

    results = peer.results(Subject("relu", "value", "float32"))
    assert results is not None
    assert results.tolist() == [1, 2]
    assert peer.results(Subject("relu", "gradient", "float32")) is None


def test_a_program_that_was_not_built_is_absent(tmp_path: Path, runner: Runner) -> None:
    assert runner.run_program("peer", tmp_path / "nothing", "1.0").version is None


def test_a_peer_that_no_python_has_is_absent(tmp_path: Path, runner: Runner) -> None:
    assert runner.run_python("JAX", [tmp_path / "nothing"]).version is None


def test_results_of_an_earlier_run_are_gone(tmp_path: Path, runner: Runner) -> None:
    stale = tmp_path / "JAX/float32/relu.value.f32"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"1234")

    peer = runner.run_python("JAX", [])

    assert peer.results(Subject("relu", "value", "float32")) is None
