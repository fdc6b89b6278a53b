"""The prover is played by a script here; the real one has its own tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from comparison import Peer, compare

PROVER = """#!/usr/bin/python3
import sys

import numpy as np

options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
x = np.load(options["--input"])
np.save(options["--exact"], 3.0 * x.astype(np.float64))
np.save(options["--ours"], 3 * x)
"""


@pytest.fixture
def prover(tmp_path: Path) -> Path:
    path = tmp_path / "prove"
    path.write_text(PROVER)
    path.chmod(0o755)
    return path


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    path = tmp_path / "inputs.npy"
    np.save(path, np.array([-4, 0.5, 2, 1e-40], dtype=np.float32))
    return path


def _peer(folder: Path, quantity: str, results: list[float]) -> Peer:
    np.save(folder / f"triple.{quantity}.npy", np.array(results, dtype=np.float32))
    return Peer("peer", "1.0", folder)


def test_the_worst_of_each_is_found(tmp_path: Path, prover: Path, inputs: Path) -> None:
    peer = _peer(tmp_path, "value", [-12, 1.5, 0, 3e-40])

    comparison = compare(prover, [peer], inputs, "triple", "value")

    assert comparison is not None
    assert comparison.ours.ulp == 0
    assert comparison.peers["peer"].ulp == 1.5 * 2**23
    assert (comparison.example.x, comparison.example.peers) == (2.0, {"peer": 0.0})


def test_subnormal_results_do_not_count(tmp_path: Path, prover: Path, inputs: Path) -> None:
    peer = _peer(tmp_path, "value", [-12, 1.5, 6, 0])

    comparison = compare(prover, [peer], inputs, "triple", "value")

    assert comparison is not None
    assert comparison.peers["peer"].ulp == 0


@pytest.mark.parametrize(("quantity", "error"), [("value", 1.5 * 2**23), ("gradient", 0)])
def test_kinks_do_not_count_for_derivatives(
    tmp_path: Path, prover: Path, inputs: Path, quantity: str, error: float
) -> None:
    peer = _peer(tmp_path, quantity, [-12, 0, 6, 3e-40])

    comparison = compare(prover, [peer], inputs, "triple", quantity)

    assert comparison is not None
    assert comparison.peers["peer"].ulp == error


def test_what_no_peer_has_is_not_compared(tmp_path: Path, prover: Path, inputs: Path) -> None:
    peer = Peer("peer", "1.0", tmp_path)

    assert compare(prover, [peer], inputs, "triple", "value") is None
