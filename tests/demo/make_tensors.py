#!/usr/bin/python3
"""Makes the tensors of the demo from real data: 1797 handwritten digits of 8 x 8 pixels.

`pre_activations.npy` [1797, 12] is what a hidden layer of 12 units hands to its activation, and
`upstream.npy`, of the same shape, is dL/dy for L = the summed score that a second layer y @ V
gives to each digit's true class. `slopes.npy` [12] holds one PReLU slope per unit.

The weights come from a fixed seed and are rounded to multiples of 2^-12. Pixels are multiples of
2^-4, so every sum below is exact, and the files have the same bits on every machine.

    make_tensors.py [DIRECTORY]    (default: data/, beside this script)
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
SEED = 20261123
UNITS = 12
CLASSES = 10


def load_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The pixels [1797, 64], 0 (paper) to 16 (ink), and the labels [1797], 0 to 9."""
    rows = np.loadtxt(DATA / "digits.csv.gz", delimiter=",", dtype=np.int64)
    return rows[:, :-1].astype(np.float64), rows[:, -1]


def make_tensors() -> dict[str, NDArray[np.float32]]:
    """The tensors by file name."""
    pixels, labels = load_digits()
    random = np.random.RandomState(SEED)  # NumPy promises that its stream never changes
    hidden = rounded_weights(random, (pixels.shape[1], UNITS))
    bias = rounded_weights(random, (UNITS,))
    scores = rounded_weights(random, (UNITS, CLASSES))
    tensors = {
        "pre_activations": pixels / 16 @ hidden + bias,
        "upstream": scores.T[labels],
        "slopes": np.arange(1, UNITS + 1) / 16,
    }
    return {name: tensor.astype(np.float32) for name, tensor in tensors.items()}


def rounded_weights(random: np.random.RandomState, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Weights of N(0, 1/4), rounded so that sums of their products with pixels are exact."""
    return np.round(random.standard_normal(shape) / 2 * 4096) / 4096


def main() -> None:
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    for name, tensor in make_tensors().items():
        np.save(directory / f"{name}.npy", tensor)


if __name__ == "__main__":
    main()
