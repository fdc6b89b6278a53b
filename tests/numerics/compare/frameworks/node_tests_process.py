"""ONNX's own tests of the operators that have our names, in the process that has the package onnx.

    node_tests_process.py FOLDER NAME...

Each test of one node whose operator is among NAMEs is written to FOLDER; see node_tests.py. Prints
the version of the package. Exits with 3 where it is not installed.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from framework_process import ABSENT
from node_tests import NodeTest, Tensor, tensor, write

try:
    import onnx
    from onnx import helper, numpy_helper
    from onnx.backend.test import loader
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(ABSENT)

# Those written in Python for the newest operators, and those stored with models of old ones.
KINDS = ("node", "simple", "pytorch-operator", "pytorch-converted")


def main() -> None:
    warnings.simplefilter("ignore")  # of the values that the tests overflow with
    folder, *names = sys.argv[1:]
    tests = [
        found
        for kind in KINDS
        for case in loader.load_model_tests(kind=kind)
        for found in _tests(kind, case, set(names))
    ]
    write(Path(folder), tests)
    print(onnx.__version__)


def _tests(kind: str, case: Any, names: set[str]) -> Iterable[NodeTest]:
    model = case.model or onnx.load(Path(case.model_dir) / "model.onnx")
    nodes = model.graph.node
    if len(nodes) != 1 or nodes[0].op_type not in names:
        return
    (node,) = nodes
    weights = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    fed = [each.name for each in model.graph.input if each.name not in weights]
    for i, (inputs, outputs) in enumerate(case.data_sets or _stored(Path(case.model_dir))):
        by_name = weights | dict(zip(fed, inputs, strict=True))
        yield NodeTest(
            name=f"{kind}/{case.name}" + (f" {i}" if i else ""),
            operator=node.op_type,
            operator_set=model.opset_import[0].version,
            attributes={each.name: _attribute(each) for each in node.attribute},
            inputs=tuple(_tensor(by_name[name]) if name else None for name in node.input),
            output=_tensor(outputs[0]),
            relative=case.rtol,
            absolute=case.atol,
        )


def _stored(folder: Path) -> Iterable[tuple[list[Any], list[Any]]]:
    for data in sorted(folder.glob("test_data_set_*")):
        yield _read_all(data, "input"), _read_all(data, "output")


def _read_all(data: Path, kind: str) -> list[Any]:
    count = len(list(data.glob(f"{kind}_*.pb")))
    return [_read(data / f"{kind}_{i}.pb") for i in range(count)]


def _read(file: Path) -> Any:
    tensor = onnx.TensorProto()
    tensor.ParseFromString(file.read_bytes())
    return numpy_helper.to_array(tensor)


def _attribute(attribute: Any) -> Any:
    value = helper.get_attribute_value(attribute)
    return value.decode() if isinstance(value, bytes) else value


def _tensor(value: Any) -> Tensor | None:
    """None for what is no tensor: a sequence, or an optional value."""
    return None if isinstance(value, list) or value is None else tensor(np.asarray(value))


if __name__ == "__main__":
    main()
