"""The committed tensors are those that make_tensors.py makes, bit for bit."""

import unittest

import numpy as np

from make_tensors import DATA, make_tensors


class MakeTensorsTest(unittest.TestCase):
    def test_reproduces_the_committed_tensors_bit_for_bit(self) -> None:
        for name, made in make_tensors().items():
            committed = np.load(DATA / f"{name}.npy")
            self.assertEqual(committed.dtype, made.dtype, name)
            self.assertEqual(committed.shape, made.shape, name)
            self.assertEqual(committed.tobytes(), made.tobytes(), name)

    def test_loses_nothing_to_float32(self) -> None:
        for name, made in make_tensors().items():
            scaled = made.astype(np.float64) * 2**16
            self.assertTrue(np.array_equal(scaled, np.round(scaled)), name)


if __name__ == "__main__":
    unittest.main()
