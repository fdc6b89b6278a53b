from __future__ import annotations

import numpy as np
import pytest
import strata
from numpy.typing import NDArray

POINTS = 100_000


@pytest.fixture(scope="module")
def x() -> NDArray[np.float32]:
    return strata.inputs(POINTS)


def test_there_are_about_as_many_as_asked_for(x: NDArray[np.float32]) -> None:
    assert 0.8 * POINTS < len(x) < 1.2 * POINTS


def test_they_are_finite_ascending_and_distinct(x: NDArray[np.float32]) -> None:
    assert np.isfinite(x).all()
    assert (np.diff(x.astype(np.float64)) > 0).all()


def test_they_are_the_same_each_time(x: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(x, strata.inputs(POINTS))


def test_every_exponent_of_either_sign_is_there(x: NDArray[np.float32]) -> None:
    stored = np.unique(x[x != 0].view(np.uint32) >> 23)

    assert set(stored) == {sign << 8 | exponent for sign in (0, 1) for exponent in range(255)}


@pytest.mark.parametrize("root", strata.ROOTS)
def test_the_neighbours_of_every_root_are_there(x: NDArray[np.float32], root: float) -> None:
    nearest = np.float32(root)

    neighbours = [nearest, np.nextafter(nearest, np.float32(9)), np.nextafter(nearest, -nearest)]

    assert np.isin(neighbours, x).all()


def test_all_of_bfloat16_are_there_once() -> None:
    numbers = strata.all_of_bfloat16()

    assert len(numbers) == 2 * 255 * 128 - 1  # both zeros are one
