"""What is evaluated, and what must come back."""

from typing import Any

import numpy as np
from sidecars import Sidecars

import rectifier

_SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-38, 3.4e38]


def inputs(size: int) -> Any:
    """float32 numbers of any kind, the special ones spread among them."""
    x = np.random.default_rng(14).normal(scale=4, size=size).astype(np.float32)
    x[:: size // len(_SPECIAL)][: len(_SPECIAL)] = _SPECIAL
    return x


def direct(sidecars: Sidecars, x: Any) -> Any:
    """What a client gets for it without an engine."""
    with rectifier.Client(sidecars.targets[0], shared_memory=False) as client:
        return client.evaluate("gelu", x).value


def assert_same_bits(actual: Any, expected: Any) -> None:
    actual = np.asarray(actual)
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(actual.view(np.uint32), expected.view(np.uint32))


def assert_shared_out(elements: list[int], size: int) -> None:
    """Every element was evaluated once, and each sidecar took part."""
    assert sum(elements) == size, elements
    assert min(elements) > 0, elements
