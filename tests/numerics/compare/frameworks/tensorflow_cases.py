"""What TensorFlow means by its names."""

from __future__ import annotations

import numpy as np
from case import CUBE, FINITE, FLOAT32, FLOAT64, GRADIENT, GRADIENT_INF, ROWS, VALUE, Case
from expected import Expected

ELEMENT_TYPES = (FLOAT32, FLOAT64)

BOUNDS = {"min_val": -2.0, "max_val": 1.0}

CASES = (
    Case("identity", "tf.identity(x)"),
    Case("abs", "math.abs(x)"),
    Case("relu", "nn.relu(x)"),
    Case("relu6", "nn.relu6(x)"),
    Case("leaky_relu", "nn.leaky_relu(x)"),
    Case("leaky_relu", "nn.leaky_relu(x, negative_slope)", {"negative_slope": 0.5}),
    Case("elu", "nn.elu(x)"),
    Case("selu", "nn.selu(x)"),
    Case("gelu", "nn.gelu(x)"),
    Case("gelu_tanh", "nn.gelu(x, approximate=True)"),
    Case("silu", "nn.silu(x)"),
    Case("swish", "nn.swish(x)"),
    Case("swish", "nn.swish(x, beta)", {"beta": 2.0}, inputs=(FINITE,), parameters=("beta",)),
    Case("softplus", "nn.softplus(x)"),
    Case("softsign", "nn.softsign(x)"),
    Case("sigmoid", "nn.sigmoid(x)"),
    Case("log_sigmoid", "math.log_sigmoid(x)"),
    Case("tanh", "nn.tanh(x)"),
    Case("erf", "math.erf(x)"),
    Case("exp", "math.exp(x)"),
    Case("atan", "math.atan(x)"),
    Case("sin", "math.sin(x)"),
    Case("clip_by_value", "tf.clip_by_value(x, min_val, max_val)", BOUNDS),
    *(
        case
        for name in ("softmax", "log_softmax")
        for case in (
            Case(name, f"nn.{name}(x)", {}, (ROWS,)),
            Case(name, f"nn.{name}(x, axis)", {"axis": 1.0}, (CUBE,)),
        )
    ),
    Case("reduce_logsumexp", "math.reduce_logsumexp(x, axis)", {"axis": -1.0}, (ROWS,)),
    Case("reduce_logsumexp", "math.reduce_logsumexp(x, axis)", {"axis": 1.0}, (CUBE,)),
    Case("reduce_logsumexp", "math.reduce_logsumexp(x)", {}, (CUBE,)),
    Case("crelu", "nn.crelu(x)", {}, (ROWS,)),
    Case("crelu", "nn.crelu(x, axis)", {"axis": 1.0}, (CUBE,)),
)

EXPECTED = (
    Expected(
        ("selu",),
        (GRADIENT, GRADIENT_INF),
        "TensorFlow takes the derivative from the result, which has rounded to 0.",
        at=(float(np.float32(-1e-30)), -1e-30),
    ),
    Expected(
        ("leaky_relu", "gelu"),
        (VALUE, GRADIENT),
        "TensorFlow's constant is float32's in float64 too.",
        element_type=FLOAT64,
    ),
)

# Names of ours that TensorFlow has too, and why there is no case.
NOT_COMPARED: dict[str, str] = {}
