"""What Keras means by its names. Its backend is TensorFlow: derivatives are that one's."""

from __future__ import annotations

import numpy as np
from case import BLOCK, CUBE, FLOAT32, GRADIENT, GRADIENT_INF, ROWS, VALUE, Case
from expected import Expected

KEPT = np.array([1.0, 0.0, 1.0, 1.0])  # a mask along rows of four

_ALIKE = (
    *("linear", "relu", "relu6", "sparse_plus", "leaky_relu", "hard_tanh", "hard_sigmoid"),
    *("hard_swish", "hard_silu", "sparse_sigmoid", "hard_shrink", "soft_shrink", "softplus"),
    *("squareplus", "elu", "celu", "selu", "exponential", "log_sigmoid", "sigmoid", "tanh"),
    *("softsign", "gelu", "silu", "swish", "mish", "tanh_shrink"),
)

ELEMENT_TYPES = (FLOAT32,)  # to which many of its operations round float64

CASES = (
    *(Case(name, f"activations.{name}(x)") for name in _ALIKE),
    Case("identity", "ops.identity(1)[0] * x"),
    Case("Identity", "layers.Identity(dtype=x.dtype)(x)"),
    Case("abs", "ops.abs(x)"),
    Case("absolute", "ops.absolute(x)"),
    Case("heaviside", "ops.heaviside(x, 0)"),
    Case("ReLU", "layers.ReLU(dtype=x.dtype)(x)"),
    Case("threshold", "activations.threshold(x, theta, fill)", {"theta": 1.0, "fill": 0.0}),
    Case("threshold", "activations.threshold(x, theta, fill)", {"theta": -0.5, "fill": 20.0}),
    Case("leaky_relu", "activations.leaky_relu(x, negative_slope)", {"negative_slope": -0.5}),
    Case("LeakyReLU", "layers.LeakyReLU(dtype=x.dtype)(x)"),
    Case("PReLU", "layers.PReLU(dtype=x.dtype)(x[None, :])[0]"),
    Case(
        "PReLU",
        "layers.PReLU(keras.initializers.Constant(weight), dtype=x.dtype)(x[None, :])[0]",
        {"weight": 0.25},
    ),
    *(
        Case("relu_keras", f"activations.relu(x, {', '.join(f'{k}={k}' for k in given)})", given)
        for given in (
            {"negative_slope": 0.25},
            {"max_value": 6.0},
            {"max_value": 2.0},
            {"threshold": 1.0},
            {"threshold": -1.0},
            {"negative_slope": 0.25, "max_value": 2.0},
            {"negative_slope": 0.25, "threshold": 1.0},
            {"max_value": 2.0, "threshold": 0.5},
            {"negative_slope": 0.25, "max_value": 2.0, "threshold": 0.5},
        )
    ),
    Case("relu_keras", "activations.relu(x)"),
    Case("clip", "ops.clip(x, min_val, max_val)", {"min_val": -2.0, "max_val": 1.0}),
    Case("hard_shrink", "activations.hard_shrink(x, lambd)", {"lambd": 0.0}),
    Case("soft_shrink", "activations.soft_shrink(x, lambd)", {"lambd": 0.0}),
    Case("squareplus", "activations.squareplus(x, b)", {"b": 1.0}),
    Case("elu", "activations.elu(x, alpha)", {"alpha": 0.5}),
    Case("ELU", "layers.ELU(dtype=x.dtype)(x)"),
    Case("celu", "activations.celu(x, alpha)", {"alpha": 2.0}),
    Case("exp", "ops.exp(x)"),
    Case("erf", "ops.erf(x)"),
    Case("arctan", "ops.arctan(x)"),
    Case("sin", "ops.sin(x)"),
    Case("gelu_tanh", "activations.gelu(x, approximate=True)"),
    *(
        case
        for name in ("softmax", "log_softmax", "sparsemax")
        for case in (
            Case(name, f"activations.{name}(x)", {}, (ROWS,)),
            Case(name, f"activations.{name}(x, axis)", {"axis": 1.0}, (CUBE,)),
        )
    ),
    Case("Softmax", "layers.Softmax(dtype=x.dtype)(x)", {}, (ROWS,)),
    Case("Softmax", "layers.Softmax(dtype=x.dtype)(x, mask > 0)", {"mask": KEPT}, (ROWS,)),
    Case("logsumexp", "ops.logsumexp(x, axis)", {"axis": -1.0}, (ROWS,)),
    Case("logsumexp", "ops.logsumexp(x, axis)", {"axis": 1.0}, (CUBE,)),
    Case("logsumexp", "ops.logsumexp(x)", {}, (CUBE,)),
    Case("glu", "activations.glu(x)", {}, (ROWS,)),
    Case("glu", "activations.glu(x, axis)", {"axis": 1.0}, (BLOCK,)),
)

EXPECTED = (
    Expected(
        ("celu",),
        (GRADIENT,),
        "Keras's celu is a sum, of which TensorFlow adds the derivatives of both sides at 0: 2.",
        at=(0.0,),
        says="Keras on TensorFlow has 2 there, the sum of both sides, which no preset follows.",
    ),
    Expected(
        ("selu",),
        (GRADIENT, GRADIENT_INF),
        "TensorFlow takes the derivative from the result, which has rounded to 0.",
        at=(float(np.float32(-1e-30)),),
    ),
    Expected(
        ("hard_shrink", "soft_shrink"),
        (GRADIENT, GRADIENT_INF),
        "Keras's derivative at 0 is 0 with a lambd of 0, too.",
        at=(0.0,),
        says="derivative 1 at 0 too",
    ),
    Expected(
        ("squareplus",),
        (GRADIENT, GRADIENT_INF),
        "Keras's squareplus squares x, which overflows: its derivative is 1/2 from there on.",
        at=(float(np.float32(1e30)), -float(np.float32(1e30))),
        element_type=FLOAT32,
    ),
    Expected(
        ("sparsemax",),
        (VALUE, GRADIENT),
        "Keras 3.15 adds up the cumulative sums of all that stays above the threshold: its rows "
        "do not sum to 1 where more than one element does.",
        says="threshold(2, x) is where the row sums to 1.",
    ),
)

# Names of ours that Keras has too, and why there is no case.
NOT_COMPARED: dict[str, str] = {}
