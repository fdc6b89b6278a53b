"""What JAX means by its names."""

from __future__ import annotations

import numpy as np
from case import BLOCK, CUBE, FINITE, FLOAT32, FLOAT64, GRADIENT, GRADIENT_INF, ROWS, Case
from expected import Expected

KEPT = np.array([1.0, 0.0, 1.0, 1.0])  # a mask along rows of four

ELEMENT_TYPES = (FLOAT32, FLOAT64)

CASES = (
    Case("identity", "nn.identity(x)"),
    Case("abs", "jnp.abs(x)"),
    Case("absolute", "jnp.absolute(x)"),
    Case("heaviside", "jnp.heaviside(x, 0)"),
    Case("relu", "nn.relu(x)"),
    Case("relu6", "nn.relu6(x)"),
    Case("sparse_plus", "nn.sparse_plus(x)"),
    Case("leaky_relu", "nn.leaky_relu(x)"),
    Case(
        "leaky_relu",
        "nn.leaky_relu(x, negative_slope)",
        {"negative_slope": -0.5},
        inputs=(FINITE,),
        parameters=("negative_slope",),
    ),
    Case("hard_tanh", "nn.hard_tanh(x)"),
    Case(
        "clip",
        "jnp.clip(x, min_val, max_val)",
        {"min_val": -2.0, "max_val": 1.0},
        inputs=(FINITE,),
        parameters=("min_val", "max_val"),
    ),
    Case("clip", "jnp.clip(x, min_val, max_val)", {"min_val": 1.0, "max_val": -2.0}),
    Case("clip", "jnp.clip(x, min=min_val)", {"min_val": 0.5}),
    Case("clip", "jnp.clip(x, max=max_val)", {"max_val": 0.5}),
    Case(
        "clamp",
        "lax.clamp(jnp.asarray(min_val, x.dtype), x, jnp.asarray(max_val, x.dtype))",
        {"min_val": -2.0, "max_val": 1.0},
    ),
    Case("hard_sigmoid", "nn.hard_sigmoid(x)"),
    Case("hard_swish", "nn.hard_swish(x)"),
    Case("hard_silu", "nn.hard_silu(x)"),
    Case("sparse_sigmoid", "nn.sparse_sigmoid(x)"),
    Case("softplus", "nn.softplus(x)"),
    Case("squareplus", "nn.squareplus(x)"),
    Case("squareplus", "nn.squareplus(x, b)", {"b": 1.0}, inputs=(FINITE,), parameters=("b",)),
    Case("elu", "nn.elu(x)"),
    Case("elu", "nn.elu(x, alpha)", {"alpha": 0.5}, inputs=(FINITE,), parameters=("alpha",)),
    Case("celu", "nn.celu(x)"),
    Case("celu", "nn.celu(x, alpha)", {"alpha": 2.0}, inputs=(FINITE,), parameters=("alpha",)),
    Case("celu", "nn.celu(x, alpha)", {"alpha": -1.0}),
    Case("selu", "nn.selu(x)"),
    Case("exp", "jnp.exp(x)"),
    Case("log_sigmoid", "nn.log_sigmoid(x)"),
    Case("sigmoid", "nn.sigmoid(x)"),
    Case("logistic", "lax.logistic(x)"),
    Case("expit", "special.expit(x)"),
    Case("tanh", "nn.tanh(x)"),
    Case("soft_sign", "nn.soft_sign(x)"),
    Case("erf", "lax.erf(x)"),
    Case("arctan", "jnp.arctan(x)"),
    Case("atan", "jnp.atan(x)"),
    Case("sin", "jnp.sin(x)"),
    Case("gelu", "nn.gelu(x)"),
    Case("gelu_tanh", "nn.gelu(x, approximate=True)"),
    Case("gelu_erf", "nn.gelu(x, approximate=False)"),
    Case("silu", "nn.silu(x)"),
    Case("swish", "nn.swish(x)"),
    Case("mish", "nn.mish(x)"),
    *(
        case
        for name in ("softmax", "log_softmax", "logsumexp", "logmeanexp")
        for case in (
            Case(name, f"nn.{name}(x, axis)", {"axis": -1.0}, (ROWS,)),
            Case(name, f"nn.{name}(x, axis)", {"axis": 1.0}, (CUBE,)),
            Case(
                name,
                f"nn.{name}(x, axis, where=mask > 0)",
                {"axis": -1.0, "mask": KEPT},
                (ROWS,),
            ),
            Case(name, f"nn.{name}(x)", {}, (CUBE,)),
        )
    ),
    Case("glu", "nn.glu(x)", {}, (ROWS,)),
    Case("glu", "nn.glu(x, axis)", {"axis": 1.0}, (BLOCK,)),
)

EXPECTED = (
    Expected(
        ("squareplus",),
        (GRADIENT, GRADIENT_INF),
        "JAX's squareplus squares x, which overflows: its derivative is 1/2 from there on.",
        at=(float(np.float32(1e30)), -float(np.float32(1e30))),
        element_type=FLOAT32,
    ),
)

# Names of ours that JAX has too, and why there is no case.
NOT_COMPARED: dict[str, str] = {}
