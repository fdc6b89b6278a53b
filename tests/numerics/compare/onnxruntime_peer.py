"""ONNX Runtime's results on the CPU: values alone. See peer_process.py."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import peer_process

try:
    import onnx
    import onnxruntime
    from onnx import helper
except ImportError:
    sys.exit(peer_process.ABSENT)

OPERATOR_SET = 20  # the first with Gelu
MICROSOFT = "com.microsoft"

# Operator, and the attributes that differ from its defaults.
OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {}),
    "elu": ("Elu", {}),
    "selu": ("Selu", {}),
    "celu": ("Celu", {}),
    "softplus": ("Softplus", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "softsign": ("Softsign", {}),
    # What x * Sigmoid(x) is fused to.
    "silu": ("QuickGelu", {"domain": MICROSOFT, "alpha": 1.0}),
    "gelu": ("Gelu", {}),
    "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
    "mish": ("Mish", {}),
    "hard_swish": ("HardSwish", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6}),
    "soft_shrink": ("Shrink", {"bias": 0.5, "lambd": 0.5}),
    "hard_shrink": ("Shrink", {"lambd": 0.5}),
}


def model(operator: str, attributes: dict[str, Any]) -> bytes:
    """One operator from x to y."""
    tensors = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n"]) for name in ("x", "y")
    ]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    graph = helper.make_graph([node], operator, tensors[:1], tensors[1:])
    sets = [helper.make_opsetid("", OPERATOR_SET), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_model(graph, opset_imports=sets, ir_version=9)
    return bytes(made.SerializeToString())


def evaluate(
    operator: str, attributes: dict[str, Any], x: Any, element_type: str
) -> dict[str, Any]:
    if element_type != "float32":
        return {}  # it would convert to float32 and back
    session = onnxruntime.InferenceSession(
        model(operator, attributes), providers=["CPUExecutionProvider"]
    )
    (value,) = session.run(["y"], {"x": x})
    return {"value": value}


def main() -> None:
    peer_process.run(
        onnxruntime.__version__,
        {name: partial(evaluate, *operator) for name, operator in OPERATORS.items()},
    )


if __name__ == "__main__":
    main()
