"""The committed tensors are those that make_tensors.py makes."""

import numpy as np
from make_tensors import DATA, make_tensors


def test_the_committed_tensors_are_reproduced_bit_for_bit() -> None:
    for name, made in make_tensors().items():
        committed = np.load(DATA / f"{name}.npy")
        assert committed.dtype == made.dtype, name
        assert committed.shape == made.shape, name
        assert committed.tobytes() == made.tobytes(), name


def test_float32_holds_the_tensors_exactly() -> None:
    for name, made in make_tensors().items():
        scaled = made.astype(np.float64) * 2**16
        np.testing.assert_array_equal(scaled, np.round(scaled), name)
