"""The prover is played by a script here; the real one has its own tests."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from comparison import Comparer, Comparison, Peer, Subject
from numpy.typing import NDArray

PROVER = f"""#!{sys.executable}
import sys

import numpy as np

options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
np.save(options["--exact"], 3.0 * np.load(options["--input"]).astype(np.float64))
"""
X = np.array([-4, 0.5, 2, 1e-40], dtype=np.float32)


class World:
    """Ourselves, who are right, and a peer."""

    def __init__(self, folder: Path) -> None:
        prover = folder / "prove"
        prover.write_text(PROVER)
        prover.chmod(0o755)
        self.ours = Peer("Rectifier", "this", folder / "ours")
        self.peer = Peer("peer", "1.0", folder / "peer")
        self.comparer = Comparer(prover, folder, self.ours, [self.peer])

    def compare(self, quantity: str, theirs: list[float] | None) -> Comparison | None:
        subject = Subject("triple", quantity, "float32")
        _write(self.ours, subject, 3 * X)
        if theirs is not None:
            _write(self.peer, subject, np.array(theirs, dtype=np.float32))
        return self.comparer.compare(subject, X)


def _write(peer: Peer, subject: Subject, results: NDArray[np.float32]) -> None:
    folder = peer.folder / subject.element_type
    folder.mkdir(parents=True, exist_ok=True)
    results.tofile(folder / f"{subject.activation}.{subject.quantity}.f32")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_worst_of_each_is_found(world: World) -> None:
    comparison = world.compare("value", [-12, 1.5, 0, 3e-40])

    assert comparison is not None
    assert comparison.ours.ulp == 0
    assert comparison.peers["peer"].ulp == 1.5 * 2**23
    assert comparison.example is not None
    assert (comparison.example.x, comparison.example.peers) == (2.0, {"peer": 0.0})


def test_subnormal_inputs_and_results_do_not_count(world: World) -> None:
    comparison = world.compare("value", [-12, 1.5, 6, 0])

    assert comparison is not None
    assert comparison.peers["peer"].ulp == 0


@pytest.mark.parametrize(("quantity", "error"), [("value", 1.5 * 2**23), ("gradient", 0)])
def test_kinks_do_not_count_for_derivatives(world: World, quantity: str, error: float) -> None:
    comparison = world.compare(quantity, [-12, 0, 6, 3e-40])

    assert comparison is not None
    assert comparison.peers["peer"].ulp == error


def test_what_no_peer_has_is_not_compared(world: World) -> None:
    assert world.compare("value", None) is None
