"""The frameworks, and the table of cases that each has in FRAMEWORK_cases.py."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from case import Case
from expected import Expected

FRAMEWORKS = ("pytorch", "jax", "keras", "tensorflow", "onnx")
CATALOGUE = Path(__file__).resolve().parents[2] / "oracle/catalogue.json"


@dataclass(frozen=True)
class Table:
    cases: tuple[Case, ...]
    element_types: tuple[str, ...]
    expected: tuple[Expected, ...]
    not_compared: dict[str, str]
    """Names of ours that the framework has too, and why there is no case."""

    def names(self) -> set[str]:
        return {each.name for each in self.cases} | self.not_compared.keys()


def table(framework: str) -> Table:
    module: Any = importlib.import_module(f"{framework}_cases")
    return Table(module.CASES, module.ELEMENT_TYPES, module.EXPECTED, module.NOT_COMPARED)


def conventions() -> dict[str, str]:
    """What the catalogue says of each name and alias about kinks and special values."""
    catalogue = json.loads(CATALOGUE.read_text())
    return {
        name: entry["conventions"]
        for entry in catalogue["activations"]
        for name in (entry["name"], *entry["aliases"])
    }
