"""What a framework gave, as a file between two Pythons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OfCase = dict[tuple[str, str], NDArray[Any]]
"""By element type and quantity."""


@dataclass(frozen=True)
class Results:
    version: str
    names: set[str]
    """Of ours, those that the framework has too."""
    cases: list[OfCase]
    """In the table's order."""


def write(file: Path, results: Results) -> None:
    header = json.dumps({"version": results.version, "names": sorted(results.names)})
    arrays = {
        f"{i}/{element_type}/{quantity}": array
        for i, case in enumerate(results.cases)
        for (element_type, quantity), array in case.items()
    }
    with file.open("wb") as stream:
        np.savez(stream, header=np.array([header, str(len(results.cases))]), **arrays)


def read(file: Path) -> Results:
    with np.load(file, allow_pickle=False) as arrays:
        header, count = arrays["header"]
        cases: list[OfCase] = [{} for _ in range(int(count))]
        for key in arrays.files:
            if key != "header":
                i, element_type, quantity = key.split("/", 2)
                cases[int(i)][element_type, quantity] = arrays[key]
    stated = json.loads(str(header))
    return Results(stated["version"], set(stated["names"]), cases)
