"""./dev compare: the worst error of installed peers beside ours, against proven exact results."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import comparison_file
import comparison_pages
import machine
import marked_section
import numpy as np
import report
import strata
from comparison import Comparer, Comparison, Peer, Subject
from comparison_file import Run
from numpy.typing import NDArray
from peers import DEBIAN_PYTHON, Runner

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
CATALOGUE = ROOT / "tests/numerics/oracle/catalogue.json"
POINTS = 1_000_000
QUANTITIES = {
    "float32": ("value", "gradient", "second_derivative"),
    "bfloat16": ("value", "gradient"),
}

# What at least one peer has, by our names.
ACTIVATIONS = (
    *(
        "relu",
        "leaky_relu",
        "hard_tanh",
        "hard_sigmoid",
        "hard_swish",
        "hard_shrink",
        "soft_shrink",
    ),
    *("softplus", "squareplus", "elu", "celu", "selu", "log_sigmoid"),
    *("gelu", "gelu_tanh", "silu", "mish"),
    *("sigmoid", "tanh", "softsign", "tanh_shrink"),
)

Inputs = Mapping[str, NDArray[np.float32]]


def main() -> None:
    options = _parse()
    if options.write:  # a page that cannot be written is found before the work, not after
        marked_section.require(comparison_pages.README, comparison_pages.SECTION)
    options.work.mkdir(parents=True, exist_ok=True)
    inputs = {"float32": strata.inputs(options.points), "bfloat16": strata.all_of_bfloat16()}
    activations = [name for name in options.names or ACTIVATIONS if _in_catalogue(name)]
    ours, *peers = _run_all(options, Runner(options.work, inputs, activations))
    comparer = Comparer(options.prove, options.work, ours, peers)
    comparisons = _compare_all(comparer, inputs, activations)
    counts = {element_type: len(numbers) for element_type, numbers in inputs.items()}
    setting = report.Setting("./dev compare", machine.description(), machine.today(), counts)
    print(report.whole(comparisons, peers, setting), end="")
    if options.write:
        run = Run(setting, peers, comparisons)
        comparison_pages.RESULTS.write_text(comparison_file.text_of(run))
        comparison_pages.write()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev compare",
        description="Worst ULP errors of PyTorch, oneDNN, JAX and ONNX Runtime beside ours.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="activations; all if none")
    parser.add_argument(
        "--points", type=int, default=POINTS, help="float32 inputs of each (default: %(default)s)"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write tests/numerics/compare/results.json, its page and its picture",
    )
    for path in ("prove", "ours", "onednn", "python", "work"):  # ./dev passes these
        parser.add_argument(f"--{path}", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write and (options.names or options.points < POINTS):
        parser.error("--write is for a whole run: without NAME and --points")
    return options


def _in_catalogue(name: str) -> bool:
    names = {entry["name"] for entry in json.loads(CATALOGUE.read_text())["activations"]}
    if name not in names:
        print(f"compare: {name} is not in the catalogue", file=sys.stderr)
    return name in names


def _run_all(options: argparse.Namespace, runner: Runner) -> list[Peer]:
    onednn_version = machine.package_version("libdnnl-dev") or "of unknown version"
    return [
        runner.run_program(report.OURS, options.ours, "this"),
        runner.run_python("PyTorch", [options.python, DEBIAN_PYTHON]),
        runner.run_program("oneDNN", options.onednn, onednn_version),
        runner.run_python("JAX", [options.python]),
        runner.run_python("ONNX Runtime", [options.python]),
    ]


def _compare_all(comparer: Comparer, inputs: Inputs, activations: list[str]) -> list[Comparison]:
    comparisons = []
    for element_type, x in inputs.items():
        for name in activations:
            for quantity in QUANTITIES[element_type]:
                print(f"compare: {element_type} {name} {quantity}", file=sys.stderr)
                comparison = comparer.compare(Subject(name, quantity, element_type), x)
                if comparison is not None:
                    comparisons.append(comparison)
    return comparisons


if __name__ == "__main__":
    main()
