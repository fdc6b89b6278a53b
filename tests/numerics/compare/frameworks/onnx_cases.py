"""What ONNX means by its operators, as its reference implementation has them: values alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from case import BLOCK, CUBE, ELEMENTWISE, FLOAT32, FLOAT64, ROWS, VALUE, Argument, Array, Case
from expected import Expected


def _case(
    name: str,
    theirs: str,
    arguments: Mapping[str, Argument] | None = None,
    inputs: tuple[Array, ...] = (ELEMENTWISE,),
) -> Case:
    return Case(name, theirs, arguments or {}, inputs, has_gradient=False)


ELEMENT_TYPES = (FLOAT32, FLOAT64)

CASES = (
    *(
        _case(name, f"{name}(x)")
        for name in (
            *("Identity", "Abs", "Relu", "ThresholdedRelu", "LeakyRelu", "HardSigmoid"),
            *("HardSwish", "Shrink", "Softplus", "Elu", "Celu", "Selu", "Exp", "Sigmoid"),
            *("Tanh", "Softsign", "Erf", "Atan", "Gelu", "Swish", "Mish", "Sin", "Clip"),
        )
    ),
    _case("ThresholdedRelu", "ThresholdedRelu(x, alpha=theta)", {"theta": 2.0}),
    _case("LeakyRelu", "LeakyRelu(x, alpha=negative_slope)", {"negative_slope": -0.5}),
    _case("PRelu", "PRelu(x, weight)", {"weight": np.array([0.25])}),
    _case("PRelu", "PRelu(x, weight)", {"weight": np.array([-0.5, 0.0, 2.0])}, (CUBE,)),
    _case("PRelu", "PRelu(x, weight)", {"weight": np.array([[-0.5], [0], [2], [1]])}, (CUBE,)),
    _case("Clip", "Clip(x, min_val, max_val)", {"min_val": -2.0, "max_val": 1.0}),
    _case("Clip", "Clip(x, min_val, max_val)", {"min_val": 1.0, "max_val": -2.0}),
    _case("Clip", "Clip(x, min_val)", {"min_val": 0.5}),
    _case("Clip", "Clip(x, None, max_val)", {"max_val": 0.5}),
    _case("HardSigmoid", "HardSigmoid(x, alpha=alpha, beta=beta)", {"alpha": 0.25, "beta": 0.75}),
    _case("Shrink", "Shrink(x, lambd=lambd, bias=bias)", {"lambd": 1.0, "bias": 1.0}),
    _case("Shrink", "Shrink(x, lambd=lambd)", {"lambd": 0.0}),
    _case("Elu", "Elu(x, alpha=alpha)", {"alpha": 0.5}),
    _case("Celu", "Celu(x, alpha=alpha)", {"alpha": 2.0}),
    _case("Selu", "Selu(x, alpha=alpha, gamma=scale)", {"alpha": 2.0, "scale": 3.0}),
    _case("gelu_tanh", "Gelu(x, approximate='tanh')"),
    _case("Swish", "Swish(x, alpha=beta)", {"beta": 2.0}),
    *(
        case
        for name in ("Softmax", "LogSoftmax", "Hardmax")
        for case in (
            _case(name, f"{name}(x)", {}, (ROWS,)),
            _case(name, f"{name}(x)", {}, (CUBE,)),
            _case(name, f"{name}(x, axis=axis)", {"axis": 1.0}, (CUBE,)),
        )
    ),
    _case("ReduceLogSumExp", "ReduceLogSumExp(x, [axis])", {"axis": -1.0}, (ROWS,)),
    _case("ReduceLogSumExp", "ReduceLogSumExp(x, [axis])", {"axis": 1.0}, (BLOCK,)),
    _case("ReduceLogSumExp", "ReduceLogSumExp(x)", {}, (CUBE,)),
    _case("SwiGLU", "SwiGLU(x, y)", {"gate": "first"}, (ELEMENTWISE, ELEMENTWISE[::-1])),
    _case("SwiGLU", "SwiGLU(x, y)", {}, (CUBE, CUBE[::-1])),
)

EXPECTED = (
    Expected(
        ("Erf", "Gelu", "gelu_tanh"),
        (VALUE,),
        "ONNX's reference computes it in float32.",
        element_type=FLOAT64,
    ),
    Expected(
        ("HardSwish",),
        (VALUE,),
        "ONNX's 1/6 is float32's in float64 too.",
        element_type=FLOAT64,
    ),
    Expected(
        ("LogSoftmax",),
        (VALUE,),
        "ONNX's reference takes the logarithm of a softmax that has underflowed to 0.",
    ),
    Expected(
        ("Hardmax",),
        (VALUE,),
        "ONNX's reference gives 1 to the first element of a row of -infinity alone.",
        says="A row of -infinity alone, or with every element left out, gives 0.",
    ),
)

# Names of ours that ONNX has too, and why there is no case.
NOT_COMPARED: dict[str, str] = {}
