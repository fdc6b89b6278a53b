"""Calls ONNX's reference implementation: a model of one node for each call. Values alone."""

from __future__ import annotations

from typing import Any

import case
import numpy as np
import onnx
from onnx import defs, helper
from onnx.reference import ReferenceEvaluator

OPERATORS = {schema.name for schema in defs.get_all_schemas() if not schema.domain}


def version() -> str:
    return f"{onnx.__version__}, operator set {defs.onnx_opset_version()}"


def has(name: str) -> bool:
    return name in OPERATORS


def evaluate(each: case.Case, element_type: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        name: np.array(argument, element_type) if isinstance(argument, np.ndarray) else argument
        for name, argument in each.arguments.items()
    }
    inputs = dict(zip("xy", (x.astype(element_type) for x in each.inputs), strict=False))
    return {case.VALUE: eval(each.theirs, _Names(arguments | inputs))}


class _Names(dict[str, Any]):
    """The arguments by name; every other name is an operator."""

    def __missing__(self, name: str) -> Any:
        if not has(name):
            raise KeyError(name)

        def call(x: Any, *others: Any, **attributes: Any) -> Any:
            return _run(name, [x, *(_tensor(other, x.dtype) for other in others)], attributes)

        return call


def _tensor(other: Any, element_type: Any) -> Any:
    """Numbers are scalars of the input's type, lists are axes, None is an input left out."""
    if isinstance(other, list):
        return np.array(other, np.int64)
    return other if other is None or isinstance(other, np.ndarray) else element_type.type(other)


def _run(operator: str, inputs: list[Any], attributes: dict[str, Any]) -> Any:
    names = ["" if given is None else f"x{i}" for i, given in enumerate(inputs)]
    feeds = {name: np.asarray(given) for name, given in zip(names, inputs, strict=True) if name}
    types = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        for name, x in feeds.items()
    ]
    whole = {"axis"} & attributes.keys()
    attributes |= {name: int(attributes[name]) for name in whole}
    node = helper.make_node(operator, names, ["result"], **attributes)
    result = helper.make_empty_tensor_value_info("result")
    graph = helper.make_graph([node], operator, types, [result])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _operator_set())])
    return ReferenceEvaluator(model).run(None, feeds)[0]


def _operator_set() -> int:
    return int(defs.onnx_opset_version())
