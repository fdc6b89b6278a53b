"""A framework's results for its table of cases, in a process of its own.

    framework_process.py FRAMEWORK RESULTS NAME...

FRAMEWORK is one of framework_tables.FRAMEWORKS: FRAMEWORK_cases.py is its table, FRAMEWORK_calls.py
calls it. Writes to the file RESULTS what every case gives, and which of NAMEs the framework has;
see results.py. Exits with 3 where the framework is not installed.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Protocol

import framework_tables
import numpy as np
import results
from case import Case

ABSENT = 3


class Calls(Protocol):
    """What FRAMEWORK_calls.py has."""

    def version(self) -> str: ...

    def has(self, name: str) -> bool: ...

    def evaluate(self, case: Case, element_type: str) -> dict[str, Any]: ...


def main() -> None:
    framework, file, *names = sys.argv[1:]
    try:
        calls: Calls = importlib.import_module(f"{framework}_calls")
    except ImportError as error:
        print(error, file=sys.stderr)
        sys.exit(ABSENT)
    table = framework_tables.table(framework)
    with np.errstate(all="ignore"):
        found = [_evaluate(calls, each, table.element_types) for each in table.cases]
    results.write(
        Path(file), results.Results(calls.version(), set(filter(calls.has, names)), found)
    )


def _evaluate(calls: Calls, case: Case, element_types: tuple[str, ...]) -> results.OfCase:
    found: results.OfCase = {}
    for element_type in element_types:
        try:
            quantities = calls.evaluate(case, element_type)
        except Exception as error:
            raise RuntimeError(f"{case.key} of {element_type}: {error}") from error
        for quantity, array in quantities.items():
            found[element_type, quantity] = np.asarray(array)
    return found


if __name__ == "__main__":
    main()
