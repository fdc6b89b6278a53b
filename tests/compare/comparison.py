"""Worst errors of ours and of peers, from results that stand in files."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import ulp
from numpy.typing import NDArray
from ulp import Worst

# At kinks a derivative is a convention, and conventions differ: it is not compared there. Nor is
# that of hard_swish at its root, -1.5: it would be that of its slope, 1/6, in double precision.
KINKS = np.array([-3, -1.5, -1, -0.5, 0, 0.5, 1, 3], dtype=np.float32)
LEAST_NORMAL = 2.0**-126


@dataclass(frozen=True)
class Peer:
    name: str
    version: str | None  # None: not installed
    folder: Path  # NAME.QUANTITY.npy

    def results(self, activation: str, quantity: str) -> NDArray[np.float32] | None:
        path = self.folder / f"{activation}.{quantity}.npy"
        return np.load(path) if path.exists() else None


@dataclass(frozen=True)
class Example:
    """One input, and what everybody makes of it."""

    x: float
    exact: float
    ours: float
    peers: Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    activation: str
    quantity: str
    ours: Worst
    peers: Mapping[str, Worst]
    example: Example  # where the peers are far off, at an input that nobody would call extreme


def compare(
    prover: Path, peers: list[Peer], inputs: Path, activation: str, quantity: str
) -> Comparison | None:
    """None where no peer has it. Errors: CalledProcessError where the prover has none such."""
    found = {peer.name: peer.results(activation, quantity) for peer in peers}
    results = {name: result for name, result in found.items() if result is not None}
    if not results:
        return None
    x = np.load(inputs)
    exact, ours = _reference(prover, inputs, activation, quantity)
    counts = _counts(x, exact, quantity)
    worst = {
        name: ulp.worst(x[counts], result[counts], exact[counts])
        for name, result in results.items()
    }
    return Comparison(
        activation,
        quantity,
        ulp.worst(x[counts], ours[counts], exact[counts]),
        worst,
        _example(x, exact, ours, results, counts),
    )


def _reference(
    prover: Path, inputs: Path, activation: str, quantity: str
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    exact, ours = inputs.with_name("exact.npy"), inputs.with_name("ours.npy")
    command: list[str | Path] = [prover, "reference", activation, "--quantity", quantity]
    command += ["--input", inputs, "--exact", exact, "--ours", ours]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return np.load(exact), np.load(ours)


def _counts(x: NDArray[np.float32], exact: NDArray[np.float64], quantity: str) -> NDArray[np.bool_]:
    """Where errors count: not at kinks, and not where the exact result is subnormal, as many flush
    those to zero for speed and say so."""
    subnormal = (exact != 0) & (np.abs(exact) < LEAST_NORMAL)
    kink = np.isin(x, KINKS) if quantity != "value" else np.zeros(x.shape, dtype=np.bool_)
    counts: NDArray[np.bool_] = ~(subnormal | kink)
    return counts


def _example(
    x: NDArray[np.float32],
    exact: NDArray[np.float64],
    ours: NDArray[np.float32],
    results: Mapping[str, NDArray[np.float32]],
    counts: NDArray[np.bool_],
) -> Example:
    """Where the median peer is worst, among inputs of everyday size."""
    everyday = np.flatnonzero(counts & (np.abs(x) <= 20) & (np.abs(x) >= 2.0**-20))
    errors = [ulp.errors(result[everyday], exact[everyday]) for result in results.values()]
    i = everyday[np.argmax(np.median(np.minimum(errors, 1e9), axis=0))]
    peers = {name: float(result[i]) for name, result in results.items()}
    return Example(float(x[i]), float(exact[i]), float(ours[i]), peers)
