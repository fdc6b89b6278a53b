"""./dev compare onnx: the node tests of the package onnx, for every operator that has our name."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import framework_tables
import node_tests
import nodes
import numpy as np
from framework_process import ABSENT
from numpy.typing import NDArray
from rectifierd_process import RectifierdProcess

import rectifier

PROCESS = Path(__file__).resolve().parent / "node_tests_process.py"

# Tests that fail, and why they may.
EXPECTED_FAILURES: dict[str, str] = {}


def main() -> None:
    options = _parse()
    options.work.mkdir(parents=True, exist_ok=True)
    command = [options.python, PROCESS, options.work, *framework_tables.conventions()]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode == ABSENT:
        sys.exit("onnx: the package is not installed")
    if run.returncode:
        sys.exit("onnx: its tests could not be read")
    tests = node_tests.read(options.work)
    with (
        RectifierdProcess(str(options.rectifierd)) as server,
        rectifier.Client(server.unix_target) as client,
    ):
        failed = _run(client, tests)
    operators = Counter(test.operator for test in tests)
    print(f"onnx {run.stdout.strip()}: {len(tests)} tests of {len(operators)} operators: ", end="")
    print(", ".join(f"{name} {count}" for name, count in sorted(operators.items())))
    print(f"FAILED: {failed} tests" if failed else "All pass but those that are listed above.")
    sys.exit(1 if failed else 0)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev compare onnx",
        description=(
            "Runs the node tests that the package onnx brings for the operators whose names we "
            "know, and lists those that no evaluation expresses; fails where a test does."
        ),
    )
    for path in ("rectifierd", "python", "work"):  # ./dev passes these
        parser.add_argument(f"--{path}", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(client: rectifier.Client, tests: list[node_tests.NodeTest]) -> int:
    """How many did not do what was expected of them."""
    failed = 0
    for test in tests:
        try:
            problem = _problem(client, test)
        except nodes.NotExpressibleError as reason:
            print(f"not expressible: {test.name}: {reason}")
            continue
        expected = EXPECTED_FAILURES.get(test.name)
        if problem and expected:
            print(f"expected failure: {test.name}: {expected}")
        elif problem:
            print(f"FAILED: {test.name}: {test.operator} {test.attributes}: {problem}")
        elif expected:
            print(f"FAILED: {test.name} passes, which is not expected: {expected}")
        failed += bool(problem) != bool(expected)
    return failed


def _problem(client: rectifier.Client, test: node_tests.NodeTest) -> str:
    """What is wrong with our result; empty where nothing is. Errors: NotExpressibleError."""
    evaluation = nodes.evaluation(test)
    try:
        result = client.evaluate(
            evaluation.activation,
            *(_tensor(each) for each in evaluation.inputs),
            arguments={name: _argument(each) for name, each in evaluation.arguments.items()},
            preset="onnx",
        )
    except rectifier.RectifierError as error:
        return str(error)
    assert test.output is not None
    ours = node_tests.Tensor(evaluation.inputs[0].element_type, result.value)
    return difference(ours, test)


def difference(ours: node_tests.Tensor, test: node_tests.NodeTest) -> str:
    """In words, by the test's own tolerances; empty where there is none."""
    theirs = test.output
    assert theirs is not None
    if ours.element_type != theirs.element_type:
        return f"theirs is of {theirs.element_type}, ours of {ours.element_type}"
    a, b = theirs.numbers().astype(np.float64), ours.numbers().astype(np.float64)
    if a.size == b.size and test.operator in nodes.ALONG_AN_AXIS:
        b = b.reshape(a.shape)  # they keep the shape, which may have been made a matrix
    if a.shape != b.shape:
        return f"theirs has shape {list(a.shape)}, ours {list(b.shape)}"
    close = np.isclose(b, a, rtol=test.relative, atol=test.absolute, equal_nan=True)
    if close.all():
        return ""
    first = tuple(int(i) for i in np.argwhere(~close)[0])
    return f"{np.sum(~close)} of {close.size}, first at {list(first)}: {a[first]}, ours {b[first]}"


def _tensor(tensor: node_tests.Tensor) -> rectifier.TensorLike:
    if tensor.element_type == node_tests.BFLOAT16:
        return rectifier.BFloat16Bits(tensor.array)
    return tensor.array


def _argument(argument: float | str | NDArray[Any] | nodes.Channels) -> rectifier.Argument:
    if isinstance(argument, nodes.Channels):
        return rectifier.PerChannel(argument.array, axis=1)
    return argument


if __name__ == "__main__":
    main()
