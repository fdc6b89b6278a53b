"""Regenerates what is derived from the catalogue: golden data, expressions, pages, plots.

    export PYTHONPATH=tests/support
    /usr/bin/python3 tests/numerics/oracle/generate.py [--only OUTPUT] [NAME ...]

OUTPUT is golden, expressions, table or plots.

Reads tests/numerics/oracle/catalogue.json, which the build's `dump_catalogue` writes.
"""

from __future__ import annotations

import argparse
import sys
import time

import catalogue_page
import expressions
import golden
import headline
import plots
import proof_page
from catalogue import Activation, load

OUTPUTS = ("golden", "expressions", "table", "plots")


def main(arguments: list[str]) -> None:
    options = _parse(arguments)
    activations = load()
    if "golden" in options.only:
        _write_golden(activations, options.names)
    if "expressions" in options.only:
        expressions.write(activations)
    if "table" in options.only:
        catalogue_page.write(activations)
        proof_page.write(activations)
        headline.write(activations)
    if "plots" in options.only:
        plots.write(activations)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="golden data of these alone")
    parser.add_argument("--only", action="append", choices=OUTPUTS, help="one output of four")
    options = parser.parse_args(arguments)
    options.only = options.only or OUTPUTS
    unknown = set(options.names) - {activation.name for activation in load()}
    if unknown:
        parser.error(f"no such activation: {', '.join(sorted(unknown))}")
    return options


def _write_golden(activations: list[Activation], names: list[str]) -> None:
    golden.DIRECTORY.mkdir(exist_ok=True)
    for activation in activations:
        if not names or activation.name in names:
            start = time.monotonic()
            golden.path_of(activation).write_text(golden.text_of(activation))
            print(f"{activation.name}: {time.monotonic() - start:.1f} s")
    kept = {golden.path_of(activation) for activation in activations}
    for stale in set(golden.DIRECTORY.glob("*.txt")) - kept:
        stale.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
