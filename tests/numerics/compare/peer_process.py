"""A peer as a process of its own: each has its own Python, and libraries that would clash.

    PEER.py INPUTS FOLDER TYPE NAME...

reads raw float32, computes in TYPE, and writes FOLDER/NAME.QUANTITY.f32, raw float32 too, for each
activation NAME and quantity that the peer has; prints the peer's version. Exits with 3 where the
peer is not installed. The programs in C++ here are called alike.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ABSENT = 3
QUANTITIES = ("value", "gradient", "second_derivative")

# An array of inputs and the type to compute in, to the results that the peer has, by quantity.
Evaluate = Callable[[Any, str], dict[str, Any]]


def run(version: str, functions: dict[str, Evaluate]) -> None:
    inputs, folder, element_type, *names = sys.argv[1:]
    print(version)
    x = np.fromfile(inputs, dtype=np.float32)
    for name in names:
        if name not in functions:
            continue
        for quantity, result in functions[name](x, element_type).items():
            np.asarray(result, dtype=np.float32).tofile(Path(folder) / f"{name}.{quantity}.f32")
