"""Worst errors of ours and of peers, from results that stand in files."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import ulp
from numpy.typing import NDArray
from ulp import FORMATS, Worst

# At kinks a derivative is a convention, and conventions differ: it is not compared there. Nor is
# that of hard_swish at its root, -1.5, where any error of a peer is infinitely many ULP.
KINKS = np.array([-3, -1.5, -1, -0.5, 0, 0.5, 1, 3], dtype=np.float32)
LEAST_NORMAL = 2.0**-126

Results = NDArray[np.float32]
Exact = NDArray[np.float64]


@dataclass(frozen=True)
class Peer:
    name: str
    version: str | None  # None: not installed
    folder: Path  # ELEMENT_TYPE/NAME.QUANTITY.f32

    def results(self, subject: Subject) -> Results | None:
        name = f"{subject.activation}.{subject.quantity}.f32"
        path = self.folder / subject.element_type / name
        return np.fromfile(path, dtype=np.float32) if path.exists() else None


@dataclass(frozen=True)
class Subject:
    """What is compared."""

    activation: str
    quantity: str
    element_type: str


@dataclass(frozen=True)
class Example:
    """One input, and what everybody makes of it."""

    x: float
    exact: float
    ours: float
    peers: Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    subject: Subject
    ours: Worst
    peers: Mapping[str, Worst]
    # Where the peers are far off, at an input that nobody would call extreme. None: not kept.
    example: Example | None


class Comparer:
    def __init__(self, prover: Path, work: Path, ours: Peer, peers: list[Peer]) -> None:
        self.prover = prover
        self.work = work
        self.ours = ours
        self.peers = peers

    def compare(self, subject: Subject, x: Results) -> Comparison | None:
        """None where no peer has it, or we have not. Errors: CalledProcessError of the prover."""
        found = {peer.name: peer.results(subject) for peer in self.peers}
        theirs = {name: results for name, results in found.items() if results is not None}
        ours = self.ours.results(subject)
        if not theirs or ours is None:
            return None
        exact = self._exact(subject, x)
        counts = _counts(x, exact, subject.quantity)
        form = FORMATS[subject.element_type]

        def worst(results: Results) -> Worst:
            return ulp.worst(x[counts], results[counts], exact[counts], form)

        peers = {name: worst(results) for name, results in theirs.items()}
        example = _example(subject, _everyday(x, counts), x, exact, ours, theirs)
        return Comparison(subject, worst(ours), peers, example)

    def _exact(self, subject: Subject, x: Results) -> Exact:
        inputs, exact = self.work / "inputs.npy", self.work / "exact.npy"
        np.save(inputs, x)
        command: list[str | Path] = [self.prover, "reference", subject.activation]
        command += ["--quantity", subject.quantity, "--input", inputs, "--exact", exact]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return np.load(exact)


def _counts(x: Results, exact: Exact, quantity: str) -> NDArray[np.bool_]:
    """Where errors count: not at kinks, and not where the input or the exact result is subnormal,
    as many flush those to zero for speed and say so."""
    counts: NDArray[np.bool_] = ~(_subnormal(x) | _subnormal(exact))
    return counts if quantity == "value" else counts & ~np.isin(x, KINKS)


def _subnormal(numbers: Results | Exact) -> NDArray[np.bool_]:
    return np.asarray((numbers != 0) & (np.abs(numbers) < LEAST_NORMAL))


def _everyday(x: Results, counts: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.flatnonzero(counts & (np.abs(x) <= 20) & (np.abs(x) >= 2.0**-20))


def _example(
    subject: Subject,
    everyday: NDArray[np.intp],
    x: Results,
    exact: Exact,
    ours: Results,
    theirs: Mapping[str, Results],
) -> Example:
    """Where the median peer is worst, among inputs of everyday size."""
    form = FORMATS[subject.element_type]
    errors = [ulp.errors(each[everyday], exact[everyday], form) for each in theirs.values()]
    i = everyday[np.argmax(np.median(np.minimum(errors, 1e9), axis=0))]
    peers = {name: float(results[i]) for name, results in theirs.items()}
    return Example(float(x[i]), float(exact[i]), float(ours[i]), peers)
