"""A test of one ONNX node, and tests as files between two Pythons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BFLOAT16 = "bfloat16"
TENSORS = ("inputs", "output")


@dataclass(frozen=True, eq=False)
class Tensor:
    element_type: str
    array: NDArray[Any]
    """The bits in uint16 of a BFLOAT16."""

    def numbers(self) -> NDArray[Any]:
        if self.element_type != BFLOAT16:
            return self.array
        return (self.array.astype(np.uint32) << 16).view(np.float32)


@dataclass(frozen=True, eq=False)
class NodeTest:
    name: str
    operator: str
    operator_set: int
    attributes: dict[str, Any]
    inputs: tuple[Tensor | None, ...]
    """None where an input is left out, or is no tensor."""
    output: Tensor | None
    relative: float
    absolute: float


def tensor(array: NDArray[Any]) -> Tensor:
    element_type = array.dtype.name
    return Tensor(element_type, array.view(np.uint16) if element_type == BFLOAT16 else array)


def write(folder: Path, tests: list[NodeTest]) -> None:
    arrays: dict[str, NDArray[Any]] = {}

    def stored(each: Tensor | None) -> list[str] | None:
        if each is None:
            return None
        key = str(len(arrays))
        arrays[key] = each.array
        return [each.element_type, key]

    texts = []
    for test in tests:
        fields = {name: value for name, value in vars(test).items() if name not in TENSORS}
        fields["inputs"] = [stored(each) for each in test.inputs]
        fields["output"] = stored(test.output)
        texts.append(fields)
    (folder / "tests.json").write_text(json.dumps(texts))
    with (folder / "tensors.npz").open("wb") as stream:
        np.savez(stream, **arrays)


def read(folder: Path) -> list[NodeTest]:
    with np.load(folder / "tensors.npz", allow_pickle=False) as arrays:

        def restored(text: list[str] | None) -> Tensor | None:
            return None if text is None else Tensor(text[0], arrays[text[1]])

        tests: list[NodeTest] = []
        for fields in json.loads((folder / "tests.json").read_text()):
            fields["inputs"] = tuple(restored(each) for each in fields["inputs"])
            fields["output"] = restored(fields["output"])
            tests.append(NodeTest(**fields))
        return tests
