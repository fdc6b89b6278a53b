"""A peer as a process of its own: each has its own Python, and libraries that would clash.

    PEER.py INPUTS.npy FOLDER NAME...

writes FOLDER/NAME.QUANTITY.npy for each activation NAME and quantity that the peer has, and prints
the peer's version. Exits with 3 where the peer is not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ABSENT = 3
QUANTITIES = ("value", "gradient", "second_derivative")

# An array of inputs to the results that the peer has, by quantity.
Evaluate = Callable[[Any], dict[str, Any]]


def run(version: str, functions: dict[str, Evaluate]) -> None:
    inputs, folder, *names = sys.argv[1:]
    print(version)
    x = np.load(inputs)
    for name in names:
        if name not in functions:
            continue
        for quantity, result in functions[name](x).items():
            np.save(Path(folder) / f"{name}.{quantity}.npy", np.asarray(result))
